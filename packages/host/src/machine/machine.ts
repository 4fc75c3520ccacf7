import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { hasErrorCode } from '@soen/mlflow-server'
import { allOf } from '../all-of.ts'
import { HostError } from '../errors.ts'

/** The result of a command on the machine. */
export interface CommandResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** The machine that a plan is applied to: this one, as root. */
export interface Machine {
  /** The folder that stands for the machine's `/`; another one in tests that only touch files. */
  readonly root: string
  run(command: string, args: readonly string[], stdin?: string): Promise<CommandResult>
  /** Waits for the commands that a killed provisioner left running; called before the first change. */
  takeOver(): Promise<void>
}

/** How this machine is accessed. */
export interface ThisMachineOptions {
  readonly root?: string
  /** Additional environment variables for its tools. */
  readonly env?: Readonly<Record<string, string>>
}

/** This machine. Its tools answer in English, whatever the administrator's language is. */
export function thisMachine({ root = '/', env: more = {} }: ThisMachineOptions = {}): Machine {
  let lock: number | undefined
  const env = { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8', DEBIAN_FRONTEND: 'noninteractive', ...more }
  const start = (command: string, args: readonly string[], held: number | undefined): ChildProcess =>
    spawn(command, args, { env, stdio: stdioWith(held) })
  return {
    root,
    async run(command, args, stdin = '') {
      return runToEnd(start(command, args, lock), stdin)
    },
    async takeOver() {
      if (lock !== undefined) return
      const path = join(root, 'run/soen-provisioner.lock')
      await mkdir(dirname(path), { recursive: true })
      const file = openSync(path, 'a')
      const args = ['--exclusive', '--timeout', String(takeOverTimeoutS), '3']
      const { code, stderr } = await runToEnd(start('flock', args, file))
      if (code === 0) {
        lock = file
        return
      }
      closeSync(file)
      throw new HostError(
        `Commands of an earlier deploy are still at work on the machine. ${stderr}`.trim(),
        {
          code: 'SOEN_DEPLOY_LOCKED',
          hint: `See who holds it: fuser --verbose ${path}. Then deploy again.`,
        },
      )
    },
  }
}

/** Installing packages may take this long. */
const takeOverTimeoutS = 600

/**
 * Every command inherits the lock's file descriptor, so the lock is held until we and the last command have ended:
 * nobody works alongside what a killed provisioner left running.
 */
function stdioWith(lock: number | undefined): ('pipe' | number)[] {
  return ['pipe', 'pipe', 'pipe', ...(lock === undefined ? [] : [lock])]
}

async function runToEnd(child: ChildProcess, stdin = ''): Promise<CommandResult> {
  const ended = new Promise<number>((resolve) => {
    child.once('error', () => resolve(127))
    child.once('close', (code) => resolve(code ?? 1))
  })
  // A tool that exits without reading its input is not an error.
  child.stdin?.on('error', () => {}).end(stdin)
  return allOf({ code: ended, stdout: textOf(child.stdout), stderr: textOf(child.stderr) })
}

async function textOf(stream: Readable | null): Promise<string> {
  return stream === null ? '' : text(stream)
}

/**
 * Runs a command that must succeed.
 *
 * @throws Error with the command's last output
 */
export async function runOrThrow(
  machine: Machine,
  command: string,
  ...args: readonly string[]
): Promise<string> {
  const { code, stdout, stderr } = await machine.run(command, args)
  if (code === 0) return stdout
  const said = (stderr || stdout).trim().split('\n').slice(-10).join('\n')
  throw new Error(`\`${[command, ...args].join(' ')}\` ended with exit code ${code}:\n${said}`)
}

/** A file's text; undefined where there is no such file. */
export async function readText(machine: Machine, path: string): Promise<string | undefined> {
  try {
    return await readFile(join(machine.root, path), 'utf8')
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return undefined
    throw error
  }
}

/** Writes a data file atomically. Only root can read it, unless `mode` says otherwise. */
export async function writeJson(
  machine: Machine,
  path: string,
  value: unknown,
  mode: number = 0o600,
): Promise<void> {
  const place = join(machine.root, path)
  await mkdir(dirname(place), { recursive: true, mode: 0o755 })
  await writeFile(`${place}.new`, `${JSON.stringify(value, undefined, 2)}\n`, { mode, flush: true })
  await rename(`${place}.new`, place)
}
