import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { temporaryFolder } from '../temporary-folder.ts'

/** The front door as its own program, with the admin `ada` and the member `mallory`. */
export interface ServedDoor extends AsyncDisposable {
  readonly url: string
  readonly pid: number
  /** The Authorization header of ada's API token. */
  readonly byToken: string
  /** The Authorization header of her password. */
  readonly byPassword: string
  /** The Authorization header of mallory's API token. */
  readonly byNeighbour: string
  /** The most memory it held so far, in bytes. */
  peakRss(): Promise<number>
}

/** The password of everybody in the benchmark. */
export const benchPassword = 'correct horse: battery'
const main = fileURLToPath(new URL('../../main.ts', import.meta.url))

/** Starts the program before a unix socket, as a person would. */
export async function serveDoor(upstreamSocket: string, ...more: string[]): Promise<ServedDoor> {
  const folder = await temporaryFolder()
  const state = ['--state', join(folder.path, 'auth.sqlite')]
  await run(['user', 'set', 'ada', '--role', 'admin', ...state], `${benchPassword}\n`)
  const token = (await run(['token', 'create', 'ada', '--name', 'bench', ...state])).trim()
  await run(['user', 'set', 'mallory', '--role', 'member', ...state], `${benchPassword}\n`)
  const neighbour = (await run(['token', 'create', 'mallory', '--name', 'bench', ...state])).trim()
  const child = spawn(
    process.execPath,
    [main, 'serve', '--listen', '127.0.0.1:0', '--upstream', `unix:${upstreamSocket}`, ...state, ...more],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  )
  const [line] = await once(createInterface(child.stdout), 'line')
  const { url }: { url: string } = JSON.parse(String(line))
  const pid = child.pid ?? 0
  return {
    url,
    pid,
    byToken: `Bearer ${token}`,
    byPassword: `Basic ${Buffer.from(`ada:${benchPassword}`).toString('base64')}`,
    byNeighbour: `Bearer ${neighbour}`,
    async peakRss() {
      const status = await readFile(`/proc/${pid}/status`, 'utf8')
      return Number(/VmHWM:\s+(?<kB>\d+)/.exec(status)?.groups?.['kB']) * 1024
    },
    async [Symbol.asyncDispose]() {
      await end(child)
      await folder[Symbol.asyncDispose]()
    },
  }
}

async function run(args: readonly string[], input = ''): Promise<string> {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(input)
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  if (code !== 0) throw new Error(`${args[0]} ${args[1]} ended with ${code}.`)
  return output
}

async function end(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit')
  child.kill()
  await exited
}
