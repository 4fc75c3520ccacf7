import {
  checkStorage,
  ensureMlflow,
  openRotatingLog,
  type Step,
  type SupervisionEvent,
} from '@soen/mlflow-server'
import { openAccounts, type Accounts } from './accounts.ts'
import { serveControl, type PlatformStatus, type ProgramStatus } from './control.ts'
import { realReason, requireFreeSpace } from './disk-space.ts'
import { startAuthProxy } from './auth-proxy.ts'
import { prepareHome, type Home } from './home.ts'
import { inheritedEnv } from './inherited-env.ts'
import { lockHome } from './lock.ts'
import { logPath } from './log-files.ts'
import { startMlflowServer } from './mlflow-server.ts'
import { requireFreePort } from './port.ts'
import type { Storage } from './storage.ts'

/** Options for starting a local platform. */
export interface PlatformOptions<Prepared> {
  readonly home: Home
  readonly storage: Storage
  /** 0 takes any free one. */
  readonly port: number
  readonly env: NodeJS.ProcessEnv
  /** Runs a long step and shows its progress. */
  readonly step: Step
  /** Called when a server ended or is back. */
  readonly onEvent: (event: SupervisionEvent) => void
  /** Called with notes for the user, such as where a copy of the database is. */
  readonly onNote: (note: string) => void
  /** Called when another terminal asks the platform to stop. */
  readonly onStop: () => void
  /** Prepares the accounts while MLflow starts, before anybody can sign in. */
  readonly prepare: (accounts: Accounts) => Promise<Prepared>
}

/** A running platform; disposing of it ends everything it started. */
export interface Platform<Prepared> extends AsyncDisposable {
  readonly url: string
  readonly prepared: Prepared
}

/**
 * Starts MLflow, waits until it is healthy, and starts the front door before it.
 *
 * @throws HostError, CliError: the first reason why it cannot run; everything started is stopped then
 */
export async function startPlatform<Prepared>(
  options: PlatformOptions<Prepared>,
): Promise<Platform<Prepared>> {
  try {
    return await start(options)
  } catch (error) {
    throw await realReason(error, options.home.path)
  }
}

async function start<Prepared>(options: PlatformOptions<Prepared>): Promise<Platform<Prepared>> {
  const { home, storage, port, env, step, onEvent, onNote, onStop, prepare } = options
  await using started = new AsyncDisposableStack()
  await prepareHome(home)
  started.use(lockHome(home.lock))
  await requireFreePort(port)
  await requireFreeSpace(home.path)

  const log = openRotatingLog({ path: logPath(home, 'platform') })
  started.defer(() => log.close())
  const programs = new Map<string, ProgramStatus>()
  let state: PlatformStatus['state'] = 'starting'
  let url: string | null = null
  const startedAt = Date.now()
  const record = (event: SupervisionEvent): void => {
    programs.set(event.name, nextStatus(programs.get(event.name), event))
    log.write(`${JSON.stringify({ time: new Date().toISOString(), ...event, error: describe(event) })}\n`)
    onEvent(event)
  }
  const status = (): PlatformStatus => ({
    state: state === 'ready' && programs.values().some((it) => it.state !== 'healthy') ? 'degraded' : state,
    url,
    pid: process.pid,
    startedAt,
    ...storage.shown,
    programs: [...programs.values()],
  })
  started.use(await serveControl({ home, status, stop: onStop }))

  const { python } = await ensureMlflow({ step })
  await checkStorage({ python, ...storage, env: inheritedEnv(env) })
  const unprepared = new AbortController()
  const { signal: failed } = unprepared
  const [preparation, mlflow] = await Promise.allSettled([
    prepare(openAccounts(home)).catch((error: unknown) => {
      unprepared.abort()
      throw error
    }),
    step('Starting MLflow', () =>
      startMlflowServer({ home, storage, python, env, onEvent: record, onNote, failed }),
    ),
  ])
  if (mlflow.status === 'fulfilled') started.defer(() => mlflow.value.stop())
  // If both failed, this error is the more useful one: it names its cause, while MLflow's only says that it ended.
  if (preparation.status === 'rejected') throw preparation.reason
  if (mlflow.status === 'rejected') throw mlflow.reason
  const authProxy = await step('Starting the front door', () =>
    startAuthProxy({ home, port, env, onEvent: record }),
  )
  started.defer(() => authProxy.stop())
  url = authProxy.url
  state = 'ready'

  const running = started.move()
  return {
    url: authProxy.url,
    prepared: preparation.value,
    async [Symbol.asyncDispose]() {
      state = 'stopping'
      await running.disposeAsync()
    },
  }
}

function nextStatus(before: ProgramStatus | undefined, event: SupervisionEvent): ProgramStatus {
  const restarts = before?.restarts ?? 0
  if (event.type === 'healthy') return { name: event.name, state: 'healthy', pid: event.pid, restarts }
  return {
    name: event.name,
    state: 'restarting',
    pid: null,
    restarts: restarts + (event.type === 'exited' ? 1 : 0),
  }
}

function describe(event: SupervisionEvent): string | undefined {
  return event.type === 'failed' ? String(event.error) : undefined
}
