import { createInterface } from 'node:readline'
import {
  openRotatingLog,
  startGuarded,
  supervise,
  type GuardedProgram,
  type SupervisionEvent,
  type Supervisor,
} from '@soen/mlflow-server'
import { CliError } from '../errors.ts'
import { frontDoorProgram } from '../front-door/front-door-program.ts'
import type { Home } from './home.ts'
import { inheritedEnv } from './inherited-env.ts'
import { logPath } from './log-files.ts'

/** What the front door is started with. */
export interface FrontDoorOptions {
  readonly home: Home
  readonly port: number
  readonly env: NodeJS.ProcessEnv
  readonly onEvent: (event: SupervisionEvent) => void
}

/** A running front door. */
export interface FrontDoor extends Supervisor {
  readonly url: string
}

/**
 * The auth-proxy on a loopback port before MLflow's socket, restarted whenever it ends.
 *
 * @throws CliError with the front door's own code, for instance `SOEN_PORT_BUSY`
 */
export async function startFrontDoor({ home, port, env, onEvent }: FrontDoorOptions): Promise<FrontDoor> {
  const log = openRotatingLog({ path: logPath(home, 'auth-proxy') })
  let url = `http://127.0.0.1:${port}`
  const supervisor = await supervise({
    name: 'the front door',
    onEvent,
    async start() {
      const proxy = await startGuarded({
        command: process.execPath,
        args: [
          ...[frontDoorProgram, 'serve', '--listen', new URL(url).host],
          ...['--upstream', `unix:${home.mlflowSocket}`, '--state', home.accounts],
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

/** The front door says in one JSON line where it listens, or why it can't. */
async function listeningUrl({ stdout }: GuardedProgram): Promise<string> {
  for await (const line of createInterface({ input: stdout })) {
    const event = parseEvent(line)
    if (event['event'] === 'listening' && event['url'] !== undefined) {
      stdout.resume()
      return event['url']
    }
    if (event['event'] === 'error') {
      const { code = 'SOEN_FRONT_DOOR_FAILED', message = 'The front door does not start.', hint = '' } = event
      throw new CliError(message, { code, hint })
    }
  }
  throw new CliError('The front door ended while it was starting.', {
    code: 'SOEN_FRONT_DOOR_FAILED',
    hint: 'Its last words: `soen logs auth-proxy`.',
  })
}

function parseEvent(line: string): Partial<Record<string, string>> {
  try {
    const event: unknown = JSON.parse(line)
    if (typeof event !== 'object' || event === null) return {}
    return Object.fromEntries(Object.entries(event).map(([key, value]) => [key, String(value)]))
  } catch {
    return {}
  }
}
