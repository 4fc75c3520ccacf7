import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { temporaryFolder, waitUntil } from '@soen/testbed'
import type { PlatformStatus } from '../local/control.ts'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))

/** Runs a verb to its end. */
export function soen(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  cwd: string = process.cwd(),
): { stdout: string; stderr: string; status: number | null } {
  const options = { encoding: 'utf8', cwd, env: { ...process.env, ...env } } as const
  return spawnSync(process.execPath, [main, ...args], options)
}

/** A `soen up` that a test started, in a home of its own. */
export interface RunningSoen extends AsyncDisposable {
  readonly home: string
  readonly url: string
  readonly adminPassword: string
  readonly pid: number
  stdout(): string
  stderr(): string
  status(): PlatformStatus
  /** Its exit code when it has ended; null where a signal ended it. */
  readonly ended: Promise<number | null>
  /** Sends Ctrl-C and waits for the end. */
  interrupt(): Promise<number | null>
}

/** Options for starting a platform, besides its home and port. */
export interface StartOptions {
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** An earlier platform's home. */
  readonly home?: string
  /** A folder whose `soen.yaml` sets the port, and which has a `.soen`. */
  readonly from?: string
  /** The output to wait for. */
  readonly until?: string
}

/** Starts `soen up` on a free port as a user does, and reads the password that it shows. */
export async function startSoen(options: StartOptions = {}): Promise<RunningSoen> {
  const { args = [], env = {}, home, from, until = 'Sign in' } = options
  const folder = temporaryFolder('up')
  const homePath = home ?? join(from ?? folder.path, '.soen')
  const place = from === undefined ? ['--home', homePath, '--port', '0'] : []
  const child = spawn(process.execPath, [main, 'up', ...place, ...args], {
    ...(from !== undefined && { cwd: from }),
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const ended = once(child, 'exit').then(([code]: (number | null)[]) => code ?? null)
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null
  const interrupt = async (): Promise<number | null> => {
    if (!hasEnded()) child.kill('SIGINT')
    return ended
  }
  try {
    const isFarEnough = (): boolean => hasEnded() || `${stdout}${stderr}`.includes(until)
    await waitUntil(isFarEnough, { timeoutMs: 120_000, what: 'soen up' })
    if (hasEnded()) throw new Error('soen up ended')
  } catch (error) {
    child.kill('SIGKILL')
    throw new Error(`soen up did not come up:\n${stdout}\n${stderr}`, { cause: error })
  }
  return {
    home: homePath,
    url: /^(?:Server +|The server answers at )([^\s;]+)/m.exec(stdout + stderr)?.[1] ?? '',
    adminPassword: /^Sign in +admin (\w+) \(shown this once\)$/m.exec(stdout)?.[1] ?? '',
    pid: child.pid ?? 0,
    stdout: () => stdout,
    stderr: () => stderr,
    status() {
      const status: PlatformStatus = JSON.parse(soen(['status', '--json', '--home', homePath]).stdout)
      return status
    },
    ended,
    interrupt,
    async [Symbol.asyncDispose]() {
      await interrupt()
      folder[Symbol.dispose]()
    },
  }
}
