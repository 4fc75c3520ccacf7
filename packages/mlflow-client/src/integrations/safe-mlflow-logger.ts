import type { Receipt } from '../delivery/receipt.ts'
import { init, type Client, type InitOptions } from '../run/client.ts'
import type { Run, RunOptions } from '../run/run.ts'
import { createGuard, type Guard, type OnWarn } from './guard.ts'
import { LateRun, type RunHolder } from './run-holder.ts'
import { TensorBoardSide } from './tensorboard-side.ts'

/** The logger's client: the program's own, or settings for a new one. */
type ClientSource = { readonly client: Client } | SettingsSource

interface SettingsSource extends InitOptions {
  readonly client?: undefined
  /**
   * Clean names for MLflow: `val_loss/total` becomes `val_loss_total`. `true` by default; `false` changes only what
   * MLflow cannot store, as `keepSlashes: true` does.
   */
  readonly sanitize?: boolean | undefined
}

/** Options of a logger. */
export type SafeMLFlowLoggerOptions = ClientSource &
  RunOptions & {
    /** A folder to write TensorBoard event files to at the same time. */
    readonly tensorboard?: string | undefined
    /** Called with each warning; by default Node emits it. */
    readonly onWarn?: OnWarn | undefined
  }

/** How a training ended, in the terms of training loops. */
export type FinalStatus = 'success' | 'failed' | 'aborted'

const RUN_STATUS = { success: 'FINISHED', failed: 'FAILED', aborted: 'KILLED' } as const

/**
 * Logs a training loop to MLflow and, if wanted, to TensorBoard at the same time.
 *
 * It never throws into the training and never waits: invalid settings become one warning and no run, and while the
 * server is away the journal keeps everything.
 */
export class SafeMLFlowLogger implements RunHolder, AsyncDisposable {
  readonly #late = new LateRun()
  readonly #tensorboard: TensorBoardSide | undefined
  readonly #guard: Guard
  readonly #onWarn: OnWarn | undefined
  readonly #opening: Promise<void>
  /** Only a client created here is closed here. */
  #own: Client | undefined
  #finalizing: Promise<Receipt | undefined> | undefined

  constructor(options: SafeMLFlowLoggerOptions = {}) {
    const { tensorboard, onWarn } = options
    this.#onWarn = onWarn
    this.#guard = createGuard(onWarn)
    this.#tensorboard = tensorboard === undefined ? undefined : new TensorBoardSide(tensorboard, this.#guard)
    this.#opening = options.client === undefined ? this.#init(options) : this.#start(options.client, options)
  }

  /** The run, once the settings have been read; at once when the program passed its own client. */
  get run(): Run | undefined {
    return this.#late.run
  }

  withRun(use: Parameters<RunHolder['withRun']>[0]): void {
    this.#late.withRun((run, client) => this.#guard('Working with the run', () => use(run, client)))
  }

  /** Log the metrics of one step. */
  logMetrics(metrics: Readonly<Record<string, number>>, step = 0): void {
    this.#tensorboard?.scalars(metrics, step)
    this.#late.withRun((run) => run.log(metrics, { step }))
  }

  /** Log hyperparameters; nested ones become names with dots. */
  logHyperparams(params: object): void {
    this.#tensorboard?.hparams(params)
    this.#late.withRun((run) => run.params(params))
  }

  /** Upload a text as a file. */
  logText(text: string, path: string): void {
    this.#late.withRun((run) => run.text(text, path))
  }

  /** Upload a file, into the folder `to` among the run's artifacts. */
  logArtifact(path: string, to = ''): void {
    this.#late.withRun((run) => run.artifact(path, { to }))
  }

  /** Set tags. */
  logTags(tags: Readonly<Record<string, string>>): void {
    this.#late.withRun((run) => run.tags(tags))
  }

  /**
   * End the run and wait for delivery, at most 30 s. The receipt is undefined when there was no run. Never rejects.
   */
  finalize(status: FinalStatus = 'success'): Promise<Receipt | undefined> {
    this.#finalizing ??= this.#finalize(status)
    return this.#finalizing
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.finalize()
  }

  async #finalize(status: FinalStatus): Promise<Receipt | undefined> {
    await this.#opening
    this.#tensorboard?.close()
    const receipt = await this.#late.run?.end({ status: RUN_STATUS[status] })
    await this.#own?.close()
    return receipt
  }

  async #init(options: SettingsSource & RunOptions): Promise<void> {
    const { sanitize = true, keepSlashes = sanitize ? undefined : true } = options
    try {
      this.#own = await init({ ...options, keepSlashes })
      if (this.#onWarn !== undefined) this.#own.on('warn', this.#onWarn)
    } catch (error) {
      this.#giveUp(error)
      return
    }
    await this.#start(this.#own, options)
  }

  /** Everything up to the first await runs synchronously: with a given client there is nothing to wait for. */
  async #start(client: Client, options: RunOptions): Promise<void> {
    try {
      this.#late.open(client.startRun(options), client)
    } catch (error) {
      this.#giveUp(error)
    }
  }

  #giveUp(error: unknown): void {
    this.#guard('Starting to log to MLflow', () => {
      throw error
    })
    this.#late.giveUp()
  }
}
