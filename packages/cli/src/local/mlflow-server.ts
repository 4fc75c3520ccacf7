import { rm } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import {
  launcherNote,
  launcherRefusal,
  mlflowProfile,
  openRotatingLog,
  startGuarded,
  supervise,
  type SupervisionEvent,
  type Supervisor,
} from '@soen/mlflow-server'
import { CliError } from '../errors.ts'
import { until } from '../until.ts'
import type { Home } from './home.ts'
import { inheritedEnv } from './inherited-env.ts'
import { logPath } from './log-files.ts'
import type { Storage } from './storage.ts'

/** Options for starting MLflow. */
export interface MlflowServerOptions {
  readonly home: Home
  readonly storage: Storage
  readonly python: string
  readonly env: NodeJS.ProcessEnv
  readonly onEvent: (event: SupervisionEvent) => void
  /** Called with notes for the user, such as where a copy of the database is. */
  readonly onNote: (note: string) => void
  /** Aborts the start when something else failed meanwhile. */
  readonly failed: AbortSignal
}

/** The first start creates the database's tables, which takes long on a slow, busy laptop. */
const startTimeoutMs = 180_000

/**
 * Starts MLflow in the tuned profile on the home's unix socket, and restarts it whenever it ends.
 *
 * @throws CliError `SOEN_MLFLOW_FAILED` when it does not come up; MlflowServerError `SOEN_DATABASE_…` where the
 * reason is known
 */
export function startMlflowServer({
  home,
  storage,
  python,
  env,
  onEvent,
  onNote,
  failed,
}: MlflowServerOptions): Promise<Supervisor> {
  const socketPath = home.mlflowSocket
  const plan = mlflowProfile({ python, socketPath, ...storage })
  const log = openRotatingLog({ path: logPath(home, 'mlflow') })
  let words: Words | undefined
  return supervise({
    name: 'MLflow',
    onEvent,
    async start() {
      await rm(socketPath, { force: true })
      const server = await startGuarded({
        ...plan,
        env: { ...inheritedEnv(env), ...plan.env },
        cwd: home.path,
      })
      log.follow(server.stdout)
      log.follow(server.stderr)
      words = wordsOf(server.stderr, onNote)
      return server
    },
    async waitUntilHealthy({ exited }) {
      const end = new AbortController()
      const died = exited.then(async ({ code, signal }): Promise<never> => {
        const said = (await words?.said()) ?? ''
        throw (
          launcherRefusal(said) ??
          mlflowFailed(`MLflow ended while it was starting (${signal ?? `exit code ${code}`}).`, said)
        )
      })
      try {
        await Promise.race([died, untilHealthy(socketPath, AbortSignal.any([end.signal, failed]))])
      } finally {
        end.abort()
      }
    },
  })
}

/** The last output of a program, for an error. */
interface Words {
  /** Resolves to the last lines, once the program has closed its output. */
  said(): Promise<string>
}

const keptLines = 50

function wordsOf(stderr: Readable, onNote: (note: string) => void): Words {
  const last: string[] = []
  const ended = (async () => {
    for await (const line of createInterface({ input: stderr })) {
      const note = launcherNote(line)
      if (note !== undefined) onNote(note)
      last.push(line)
      if (last.length > keptLines) last.shift()
    }
  })()
  return { said: () => ended.then(() => last.join('\n')) }
}

/** Lines that MLflow's libraries add after the reason. */
const besideTheReason = /^\s*$|^\(Background on this error|^\[(?:SQL|parameters):/

/** The last line is the reason, in Python's tracebacks, too. */
function mlflowFailed(message: string, said = ''): CliError {
  const reason = said.split('\n').findLast((line) => !besideTheReason.test(line)) ?? ''
  return new CliError(message, {
    code: 'SOEN_MLFLOW_FAILED',
    hint: 'All that it said: `soen logs mlflow`.',
    ...(reason !== '' && { cause: new Error(reason) }),
  })
}

async function untilHealthy(socketPath: string, signal: AbortSignal): Promise<void> {
  if (await until(() => isHealthy(socketPath), { timeoutMs: startTimeoutMs, signal })) return
  throw mlflowFailed(`MLflow does not answer ${startTimeoutMs / 1000} s after its start.`)
}

/** Whether MLflow answers on its socket. */
function isHealthy(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    httpRequest(
      { socketPath, path: '/health', headers: { host: 'localhost' }, timeout: 2000 },
      (response) => {
        response.resume()
        resolve(response.statusCode === 200)
      },
    )
      .on('timeout', () => resolve(false))
      .on('error', () => resolve(false))
      .end()
  })
}
