import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { temporaryFolder } from '@soen/testbed'
import { authProxyProgram } from '../auth-proxy/auth-proxy-program.ts'
import { localAuthProxy } from '../auth-proxy/local-api.ts'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))

/** The output and exit code of a verb. */
export interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The environment and input of a verb. */
export interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly input?: string
}

/** Runs a verb to its end, while servers in this process keep answering. */
export async function runSoen(args: readonly string[], { env, input = '' }: RunOptions = {}): Promise<Ended> {
  const child = spawn(process.execPath, [main, ...args], { env: { ...process.env, ...env } })
  child.stdin.on('error', () => {}).end(input)
  const ended = once(child, 'exit')
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  const [status]: (number | null)[] = await ended
  return { status: status ?? null, stdout, stderr }
}

/** A user with a home of their own, who is not signed in anywhere yet. */
export interface Person extends Disposable {
  readonly home: string
  readonly env: Readonly<Record<string, string>>
  /** Runs a verb as that user. */
  soen(args: readonly string[], input?: string): Promise<Ended>
}

/** A real front door process with the admin ada and the member bob. */
export interface RunningAuthProxy extends AsyncDisposable {
  readonly url: string
  /** The password of both accounts. */
  readonly password: string
  /** Its state; its audit is beside it. */
  readonly state: string
  stop(): Promise<void>
}

/** Creates a user with an empty home. */
export function newPerson(): Person {
  const folder = temporaryFolder('person')
  const env = {
    HOME: folder.path,
    XDG_CONFIG_HOME: join(folder.path, 'config'),
    XDG_DATA_HOME: join(folder.path, 'data'),
  }
  return {
    home: folder.path,
    env,
    soen: (args, input = '') =>
      runSoen(args, {
        env,
        input,
      }),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  }
}

/** Starts one without MLflow, which is not needed for the front door's own answers. */
export async function startRunningAuthProxy(
  options: { readonly mlflowSocket?: string } = {},
): Promise<RunningAuthProxy> {
  const folder = temporaryFolder('front-door')
  const { mlflowSocket = join(folder.path, 'mlflow.sock') } = options
  const password = 'correct horse: battery'
  const accounts = join(folder.path, 'accounts.db')
  const operator = localAuthProxy({ path: folder.path, accounts })
  for (const [name, role] of [
    ['ada', 'admin'],
    ['bob', 'member'],
  ]) {
    await operator.call({ method: 'POST', path: 'users', body: { name, role, password } })
  }
  const proxy = spawn(
    process.execPath,
    [
      authProxyProgram,
      'serve',
      '--listen',
      '127.0.0.1:0',
      '--state',
      accounts,
      '--upstream',
      `unix:${mlflowSocket}`,
    ],
    { stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, NODE_NO_WARNINGS: '1' } },
  )
  const [line]: unknown[] = await once(createInterface(proxy.stdout), 'line')
  const { url }: { url: string } = JSON.parse(String(line))
  const stop = async (): Promise<void> => {
    if (proxy.exitCode !== null || proxy.signalCode !== null) return
    const exited = once(proxy, 'exit')
    proxy.kill('SIGTERM')
    await exited
  }
  return {
    url,
    password,
    stop,
    state: accounts,
    async [Symbol.asyncDispose]() {
      await stop()
      folder[Symbol.dispose]()
    },
  }
}
