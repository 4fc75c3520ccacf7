import { EventEmitter } from 'node:events'
import { join } from 'node:path'
import type { UploadState } from '../artifacts/upload.ts'
import type { CatchUp } from '../delivery/catch-up.ts'
import { ConnectGuard } from '../delivery/connect-guard.ts'
import { deliveryTransport } from '../delivery/delivery-transport.ts'
import { knownServer, type KnownServer } from '../delivery/known-server.ts'
import { createLazyFetch } from '../delivery/lazy-fetch.ts'
import { serverNote } from '../delivery/server-note.ts'
import type { DeliveryState } from '../delivery/patience.ts'
import { ClientError } from '../errors/client-error.ts'
import { emitWarning } from '../errors/emit-warning.ts'
import { brief } from '../errors/text-of.ts'
import {
  DEFAULT_JOURNAL_POLICY,
  journalPolicyFromEnv,
  type JournalPolicy,
} from '../journal/journal-policy.ts'
import { addOnExit, addOnIdle, removeOnExit, removeOnIdle } from '../node/process-end.ts'
import type { Environment } from '../settings/environment.ts'
import { loadSettings } from '../settings/load-settings.ts'
import type { CallSettings, RemoteSettings, Settings } from '../settings/settings.ts'
import type { Credentials } from '../settings/tracking-uri.ts'
import { checkRunOptions } from './check-options.ts'
import { DisabledRun } from './disabled-run.ts'
import { JournaledRun } from './journaled-run.ts'
import { LeftRuns } from './left-runs.ts'
import type { Run, RunOptions, WaitOptions } from './run.ts'
import { planHeader } from './run-header.ts'

/** How long a run that was not ended may delay the end of a program. */
const EXIT_WAIT_MS = 1500

/** MLflow's own interval between two readings of system metrics. */
const WATCH_EVERY_MS = 10_000

/** How a client is configured: settings, and where they come from. */
export interface InitOptions extends CallSettings {
  /** A training YAML with a `logging:` block: its path, or its parsed content. */
  readonly config?: string | object | undefined
  readonly env?: Environment
  readonly fetch?: typeof globalThis.fetch | undefined
  /** Also deliver what earlier programs left in the spool folder: true unless `SOEN_CATCH_UP` says no. */
  readonly catchUp?: boolean | undefined
  /** Overrides `SOEN_DURABILITY`, `SOEN_FSYNC_SECONDS` and `SOEN_SPOOL_MAX`. */
  readonly journal?: Partial<JournalPolicy> | undefined
}

/** What a client works with besides its settings. */
export interface ClientParts {
  /** By default one whose connections do not keep the process alive. */
  readonly fetch?: typeof globalThis.fetch | undefined
  /** The environment with proxies and certificates; `process.env` by default. */
  readonly env?: Environment | undefined
  readonly journal?: JournalPolicy
  /** Also deliver what earlier programs left in the spool folder. */
  readonly catchUp?: boolean | undefined
  /** Reads the settings again when the server refuses the credentials: they may have been corrected. */
  readonly reread?: (() => Promise<Settings>) | undefined
  /** The interval of system metrics; where set, runs log them unless their options say otherwise. */
  readonly watchEveryMs?: number | undefined
}

/** A change in the connection to the server, or of the disk. */
export interface StateChange {
  readonly state: DeliveryState | 'disk-failing' | 'disk-working'
  /** Name of the run it concerns. */
  readonly run: string
  /** Why the state got worse. */
  readonly error?: ClientError | undefined
}

/** The events of a client. */
export interface ClientEvents {
  warn: [warning: ClientError]
  state: [change: StateChange]
  progress: [upload: UploadProgress]
}

/** The progress of an artifact's upload. */
export interface UploadProgress extends UploadState {
  /** Name of the run it belongs to. */
  readonly run: string
}

/** Read the settings and create a client. Throws a `ClientError` for invalid settings; nothing afterwards throws. */
export async function init(options: InitOptions = {}): Promise<Client> {
  const { config, env = process.env, fetch, journal, catchUp: isWanted, ...call } = options
  const read = async (): Promise<Settings> => await loadSettings({ call, env, config })
  const settings = await read()
  for (const warning of settings.warnings ?? []) emitWarning(warning)
  return new Client(settings, {
    fetch,
    env,
    journal: { ...journalPolicyFromEnv(env), ...journal },
    reread: read,
    catchUp: isWanted ?? !/^(0|false|no|off)$/i.test(env['SOEN_CATCH_UP'] ?? ''),
    watchEveryMs: watchEveryMsFromEnv(env),
  })
}

/** Starts runs. Without listeners, warnings go to stderr like Node's own. */
export class Client implements AsyncDisposable {
  readonly settings: Settings
  readonly #parts: ClientParts
  readonly #fetch: typeof globalThis.fetch
  readonly #events = new EventEmitter<ClientEvents>()
  readonly #runs = new Set<JournaledRun>()
  readonly #left = new LeftRuns()
  readonly #closing = new AbortController()
  #server: KnownServer | undefined
  #catchUp: Promise<CatchUp | undefined> | undefined
  readonly #connections = new ConnectGuard()
  #credentials: Credentials | undefined
  #joins: string | undefined
  readonly #onExit = (exitCode: number): void => this.#save(exitCode)
  /**
   * A program that forgot to end its runs is done: delivery gets a short last chance, then the journal keeps the
   * rest.
   */
  readonly #onIdle = (exitCode: number): void => {
    for (const run of this.#runs) run.endWithProgram(exitCode)
    const flushes = [...this.#runs].map((run) => run.flush({ timeoutMs: EXIT_WAIT_MS }))
    void Promise.all(flushes).then(() => this.#connections.release())
  }

  constructor(settings: Settings, parts: ClientParts = {}) {
    this.settings = settings
    this.#parts = parts
    const trackingUri = settings.active ? settings.trackingUri : undefined
    this.#fetch = parts.fetch ?? this.#connections.guard(createLazyFetch({ env: parts.env, trackingUri }))
    if (!settings.active) return
    this.#joins = settings.runId
    this.#credentials = settings.credentials
    const server = knownServer(settings, serverNote(settings))
    this.#server = server
    addOnExit(this.#onExit)
    addOnIdle(this.#onIdle)
    if (parts.catchUp === true)
      this.#catchUp = startCatchUp({
        settings,
        server,
        fetch: this.#fetch,
        signal: this.#closing.signal,
        onWarn: (warning) => this.#warn(warning),
      })
  }

  /** Where runs go, if anywhere. */
  get mode(): 'remote' | 'file' | 'disabled' {
    if (!this.settings.active) return 'disabled'
    return this.settings.target === 'file' ? 'file' : 'remote'
  }

  /** Listen to warnings or changes of state. */
  on<Event extends keyof ClientEvents>(event: Event, listener: (...args: ClientEvents[Event]) => void): this {
    // The emitter's own overloads do not resolve for a generic event name.
    ;(this.#events as EventEmitter).on(event, listener)
    return this
  }

  /**
   * Start a run; it is in the journal when this returns, and on the server soon after. Never throws, whatever it is
   * given.
   */
  startRun(options?: RunOptions): Run {
    const { settings } = this
    if (!settings.active) return new DisabledRun(checkRunOptions(options, () => {}).name ?? 'disabled')
    const joins = this.#joins
    // As in Python, the variable applies to one run, not to all of a program.
    this.#joins = undefined
    return this.#start(settings, options, { joins })
  }

  /**
   * Do some work in a run of its own, and end it: as FINISHED when `work` returns, as FAILED when it throws.
   *
   * The error is rethrown; its first line becomes the tag `soen.error`, and all of it with its causes the artifact
   * `soen/error.txt`.
   */
  async withRun<Result>(options: RunOptions, work: (run: Run) => Result | Promise<Result>): Promise<Result> {
    const run = this.startRun(options)
    const { withRun } = await import('./with-run.ts')
    return await withRun(run, work)
  }

  /**
   * Deliver what is left, for at most `timeoutMs` (30,000 by default), and release all resources.
   *
   * It does not end runs: one that is still open is closed as killed by the next sync.
   */
  async close(options?: WaitOptions): Promise<void> {
    await Promise.all([...this.#runs].map((run) => run.flush(options)))
    this.#closing.abort()
    for (const run of this.#runs) run.close()
    this.#runs.clear()
    removeOnExit(this.#onExit)
    removeOnIdle(this.#onIdle)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#left.during(() => this.close())
  }

  #start(
    settings: RemoteSettings,
    given: RunOptions | undefined,
    { joins, parent }: { readonly joins?: string | undefined; readonly parent?: JournaledRun },
  ): JournaledRun {
    const checked = checkRunOptions(given, (warning) => this.#warn(warning))
    const options = { ...checked, runId: checked.runId ?? joins }
    const run = this.#journaledRun(settings, options, parent)
    this.#runs.add(run)
    if (options.tags) run.tags(options.tags)
    if (options.params) run.params(options.params)
    if (options.description !== undefined) run.note(options.description)
    return run
  }

  #journaledRun(settings: RemoteSettings, options: RunOptions, parent?: JournaledRun): JournaledRun {
    const header = planHeader(settings, options, parent?.header)
    const { watchEveryMs } = this.#parts
    const isWatched = options.systemMetrics ?? watchEveryMs !== undefined
    if (options.resumeKey !== undefined && header.resumeKey === undefined) this.#warn(nothingToResumeBy())
    return new JournaledRun({
      header,
      parent,
      startChild: (childOptions, run) => this.#start(settings, childOptions, { parent: run }),
      watchEveryMs: isWatched ? (watchEveryMs ?? WATCH_EVERY_MS) : undefined,
      folder: join(settings.spoolDir, header.clientRunId),
      settings,
      server: (this.#server ??= knownServer(settings)),
      policy: this.#parts.journal ?? DEFAULT_JOURNAL_POLICY,
      transport: deliveryTransport(settings, {
        credentials: () => this.#credentials,
        fetch: this.#fetch,
      }),
      fetch: this.#fetch,
      onProgress: (upload) => this.#emit('progress', { run: header.name, ...upload }),
      beforeResuming: async (resumeKey) => await (await this.#catchUp)?.recordsOf(resumeKey),
      onLeft: (left) => this.#left.add(left),
      onClosed: (closed) => this.#runs.delete(closed),
      onRefused: () => void this.#rereadCredentials(),
      onWarn: (warning) => this.#warn(warning),
      onState: (state, error) => this.#tell({ state, run: header.name, error }),
      onDisk: (error) =>
        this.#tell({ state: error ? 'disk-failing' : 'disk-working', run: header.name, error }),
    })
  }

  #tell(change: StateChange): void {
    this.#emit('state', change)
    if (change.error !== undefined) this.#warn(change.error)
  }

  #warn(warning: ClientError): void {
    if (this.#events.listenerCount('warn') > 0) this.#emit('warn', warning)
    else emitWarning(warning)
  }

  /** An error in the program's listener must stop neither the training nor the delivery. */
  #emit<Event extends keyof ClientEvents>(event: Event, ...args: ClientEvents[Event]): void {
    try {
      ;(this.#events as EventEmitter).emit(event, ...args)
    } catch (error) {
      process.emitWarning(`A listener of "${event}" threw: ${brief(error)}`, 'SoenWarning')
    }
  }

  /** Reread in time for the next attempt. A file that cannot be read now is tried again after that. */
  async #rereadCredentials(): Promise<void> {
    const settings = await this.#parts.reread?.().catch(() => undefined)
    if (
      settings?.active === true &&
      this.settings.active &&
      settings.trackingUri === this.settings.trackingUri
    )
      this.#credentials = settings.credentials
  }

  /** The last step before the process exits. Runs that were not ended end as the process does. */
  #save(exitCode: number): void {
    for (const run of this.#runs) {
      run.endWithProgram(exitCode)
      run.save()
    }
  }
}

/**
 * Loaded in parallel with the program's own start. An unreadable spool folder is reported by the first run that
 * needs it.
 */
async function startCatchUp(options: ConstructorParameters<typeof CatchUp>[0]): Promise<CatchUp | undefined> {
  try {
    return new (await import('../delivery/catch-up.ts')).CatchUp(options)
  } catch {
    return undefined
  }
}

function nothingToResumeBy(): ClientError {
  return new ClientError({
    code: 'SOEN_ITEM_REFUSED',
    message: 'The run has nothing to be resumed by: its resume key is empty.',
    hint: 'Say project, member, repeat or seed, or give a resume key of your own.',
  })
}

/** MLflow's own variables; undefined when they do not enable system metrics. */
function watchEveryMsFromEnv(env: Environment): number | undefined {
  if (!/^(true|1)$/i.test(env['MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING'] ?? '')) return undefined
  const seconds = Number(env['MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL'])
  return seconds > 0 ? 1000 * seconds : WATCH_EVERY_MS
}
