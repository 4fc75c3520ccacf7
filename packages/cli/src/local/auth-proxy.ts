import { createInterface } from 'node:readline'
import {
  openRotatingLog,
  startGuarded,
  supervise,
  type GuardedProgram,
  type SupervisionEvent,
  type Supervisor,
} from '@soen/mlflow-server'
import { CliError, RelayedError, type ToldError } from '../errors.ts'
import { authProxyProgram } from '../auth-proxy/auth-proxy-program.ts'
import type { Home } from './home.ts'
import { inheritedEnv } from './inherited-env.ts'
import { logPath } from './log-files.ts'

/** Options for starting the front door. */
export interface AuthProxyOptions {
  readonly home: Home
  readonly port: number
  readonly env: NodeJS.ProcessEnv
  readonly onEvent: (event: SupervisionEvent) => void
}

/** A running front door. */
export interface AuthProxy extends Supervisor {
  readonly url: string
}

/**
 * Starts the auth-proxy on a loopback port before MLflow's socket, and restarts it whenever it ends.
 *
 * @throws RelayedError with the front door's own code, for instance `SOEN_PORT_BUSY`
 */
export async function startAuthProxy({ home, port, env, onEvent }: AuthProxyOptions): Promise<AuthProxy> {
  const log = openRotatingLog({ path: logPath(home, 'auth-proxy') })
  let url = `http://127.0.0.1:${port}`
  const supervisor = await supervise({
    name: 'the front door',
    onEvent,
    async start() {
      const proxy = await startGuarded({
        command: process.execPath,
        args: [
          authProxyProgram,
          'serve',
          '--listen',
          new URL(url).host,
          '--upstream',
          `unix:${home.mlflowSocket}`,
          '--state',
          home.accounts,
        ],
        env: { ...inheritedEnv(env), NODE_NO_WARNINGS: '1' },
        graceMs: 15_000,
      })
      log.follow(proxy.stderr)
      return proxy
    },
    async waitUntilHealthy(proxy) {
      url = await listeningUrl(proxy)
    },
  })
  return { url, stop: () => supervisor.stop() }
}

/** The front door's address; it prints a JSON line with that, or with the reason why it failed. */
async function listeningUrl({ stdout }: GuardedProgram): Promise<string> {
  for await (const line of createInterface({ input: stdout })) {
    const { event, url, ...told } = parseEvent(line)
    if (event === 'listening' && url !== undefined) {
      stdout.resume()
      return url
    }
    if (event === 'error') throw new RelayedError({ ...unnamed, ...told })
  }
  throw new CliError('The front door ended while it was starting.', {
    code: 'SOEN_FRONT_DOOR_FAILED',
    hint: 'Its last words: `soen logs auth-proxy`.',
  })
}

/** Used where the program gives no reason. */
const unnamed = { code: 'SOEN_FRONT_DOOR_FAILED', message: 'The front door does not start.' }

type AuthProxyEvent = Partial<ToldError> & { readonly event?: string; readonly url?: string }

function parseEvent(line: string): AuthProxyEvent {
  try {
    const event: AuthProxyEvent | null = JSON.parse(line)
    return event ?? {}
  } catch {
    return {}
  }
}
