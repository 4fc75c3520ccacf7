import { rm } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import {
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

/** What MLflow is started with. */
export interface MlflowServerOptions {
  readonly home: Home
  readonly storage: Storage
  readonly python: string
  readonly env: NodeJS.ProcessEnv
  readonly onEvent: (event: SupervisionEvent) => void
  /** Ends the start: something else failed meanwhile. */
  readonly failed: AbortSignal
}

/** The first start makes the database's tables; on a slow, busy laptop that takes its time. */
const startTimeoutMs = 180_000

/**
 * MLflow in the tuned profile on the home's unix socket, restarted whenever it ends.
 *
 * @throws CliError `SOEN_MLFLOW_FAILED` when it does not come up
 */
export function startMlflowServer({
  home,
  storage,
  python,
  env,
  onEvent,
  failed,
}: MlflowServerOptions): Promise<Supervisor> {
  const socketPath = home.mlflowSocket
  const plan = mlflowProfile({ python, socketPath, ...storage })
  const log = openRotatingLog({ path: logPath(home, 'mlflow') })
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
      return server
    },
    async waitUntilHealthy({ exited }) {
      const end = new AbortController()
      const died = exited.then(({ code, signal }): never => {
        throw mlflowFailed(`MLflow ended while it was starting (${signal ?? `exit code ${code}`}).`)
      })
      try {
        await Promise.race([died, untilHealthy(socketPath, AbortSignal.any([end.signal, failed]))])
      } finally {
        end.abort()
      }
    },
  })
}

function mlflowFailed(message: string): CliError {
  return new CliError(message, { code: 'SOEN_MLFLOW_FAILED', hint: 'Its last words: `soen logs mlflow`.' })
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
