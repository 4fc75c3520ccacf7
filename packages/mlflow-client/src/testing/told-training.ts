import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** A training in another process that follows instructions. */
export interface ToldTraining extends AsyncDisposable {
  /** Send an instruction, and wait for the response. */
  tell(line: string): Promise<unknown>
  /** Wait for the next response: a step that blocks sends a second one when it is over. */
  hear(): Promise<unknown>
  /** Stop it, continue it, or kill it. */
  signal(name: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): Promise<void>
}

/** Where it logs to, and where it runs. */
export interface ToldOptions {
  readonly trackingUri: string
  readonly spoolDir: string
  readonly resumeKey?: string
  /** A file with the boot id of another machine: the process appears to run there. As root only. */
  readonly bootFile?: string
}

/** Makes a process look like one on another host: in another process id namespace, with another boot id. */
const ON_OTHER_HOST = 'mount --bind "$0" /proc/sys/kernel/random/boot_id && exec "$@"'
const OTHER_HOST = ['--pid', '--fork', '--kill-child', '--mount-proc', '--uts']

/** Start a training that follows instructions. */
export async function startTold(options: ToldOptions): Promise<ToldTraining> {
  const { trackingUri, spoolDir, resumeKey, bootFile } = options
  const program = [process.execPath, join(import.meta.dirname, 'told-child.ts'), trackingUri, spoolDir]
  if (resumeKey !== undefined) program.push(resumeKey)
  const [command = '', ...args] =
    bootFile === undefined
      ? program
      : ['unshare', ...OTHER_HOST, 'sh', '-c', ON_OTHER_HOST, bootFile, ...program]
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const answer = async (): Promise<unknown> => {
    const { value } = await lines.next()
    return value === undefined ? undefined : JSON.parse(value)
  }
  await answer()
  return {
    async tell(line) {
      child.stdin.write(`${line}\n`)
      return await answer()
    },
    hear: answer,
    async signal(name) {
      process.kill(bootFile === undefined ? (child.pid ?? 0) : childOf(child.pid ?? 0), name)
      if (name === 'SIGKILL') await exited
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end()
      child.kill('SIGKILL')
      if (child.exitCode === null && child.signalCode === null) await exited
    },
  }
}

function childOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim())
}
