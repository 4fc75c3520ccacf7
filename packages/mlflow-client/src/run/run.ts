import type { Receipt } from '../delivery/receipt.ts'
import type { RemoteRun } from '../journal/header.ts'
import type { Identity } from '../settings/settings.ts'
import type { Dataset } from './dataset.ts'

/** Options of a new run. */
export interface RunOptions extends Identity {
  readonly name?: string | undefined
  /** The settings' experiment by default. */
  readonly experiment?: string | undefined
  readonly tags?: Readonly<Record<string, string>> | undefined
  /** As for `Run.params`. */
  readonly params?: object | undefined
  /** Markdown, shown at the top of the run's page. */
  readonly description?: string | undefined
  /**
   * Continue the latest run with this key in the experiment, if there is one: a job that was stopped and started
   * again stays one run. With true the key is made of project, member, repeat and seed.
   */
  readonly resumeKey?: string | true | undefined
  /**
   * What to do with values at steps for which the run already had that metric when it was resumed: `skip` (the
   * default) leaves them out and counts them as skipped, `keep` logs them a second time. Values without a step are
   * always logged.
   */
  readonly overlap?: 'skip' | 'keep' | undefined
  /** The server's id of an existing run to write to; for the first run of a program, MLFLOW_RUN_ID by default. */
  readonly runId?: string | undefined
  /** Log processors, memory, disk, network and GPUs every 10 s; MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING by default. */
  readonly systemMetrics?: boolean | undefined
}

/** The step and time of metric values. */
export interface LogOptions {
  /** An integer. A value without a step is shown at 0, and distinguished from others by its time. */
  readonly step?: number | undefined
  /**
   * Whether the step is a counter of this process, from 0: in a resumed run it continues from where the metric
   * ended.
   */
  readonly isCount?: boolean | undefined
  /** When they were measured, in whole milliseconds since the epoch; now by default. */
  readonly timestampMs?: number | undefined
}

/** How long to wait. */
export interface WaitOptions {
  /** 30,000 by default. */
  readonly timeoutMs?: number | undefined
}

/** How a run ends. */
export interface EndOptions extends WaitOptions {
  /** `FINISHED` by default. */
  readonly status?: 'FINISHED' | 'FAILED' | 'KILLED' | undefined
}

/** The target of an artifact. */
export interface ArtifactOptions {
  /** Folder among the run's artifacts; the top by default. */
  readonly to?: string | undefined
  /** A file name to use instead of the file's own. */
  readonly as?: string | undefined
}

/**
 * One training run.
 *
 * No method ever throws or rejects, whatever it is given, and all but `flush` and `end` return at once: a mistake
 * becomes a warning, and while the server is away the journal keeps everything.
 */
export interface Run extends AsyncDisposable {
  /** The client's own id of the run: known at once, and stored as the tag `soen.client_run_id`. */
  readonly id: string
  readonly name: string
  /** The run on the server; undefined until the server has been reached. */
  readonly remote: RemoteRun | undefined
  /** The run's page, once the server has been reached; undefined for a local store. */
  readonly url: string | undefined
  /** The folder of what is not delivered yet; undefined when logging is disabled. */
  readonly journalFolder: string | undefined

  /** Log metric values of one step. NaN and infinities are allowed. */
  log(metrics: Readonly<Record<string, number>>, options?: LogOptions): void
  /**
   * Log parameters: any object, also an instance of a class, or a `Map`. Nested ones become names with dots, lists
   * become JSON. A parameter keeps its first value; an invalid one affects no other.
   */
  params(params: object): void
  /** Set one tag. */
  tag(key: string, value: string): void
  /** Set several tags. */
  tags(tags: Readonly<Record<string, string>>): void
  /**
   * Describe the run in Markdown. Of a text beyond 8000 characters the whole is stored as the artifact
   * `notes/description.md`.
   */
  note(markdown: string): void
  /**
   * Upload a file, or a folder recursively, by path or `file:` URL. Files may be deleted or replaced right after the
   * call; those of up to 8 MiB may also be modified in place. A larger one that is modified in place is uploaded in
   * its later state, with a warning.
   */
  artifact(path: string | URL, options?: ArtifactOptions): void
  /** Upload a text as a file. */
  text(text: string, path: string): void
  /** Upload bytes as a file. */
  bytes(bytes: Uint8Array, path: string): void
  /**
   * Report that something is not logged, and why: a warning, and counted as dropped. For integrations built on the
   * calls above.
   */
  refuse(name: string, why: string): void
  /**
   * Register work to do before each flush, and a last time before the run ends: for integrations that gather values
   * and log them together.
   */
  beforeFlush(work: (isEnd: boolean) => void): void
  /** Record a dataset that the run reads, and its purpose: `training`, for instance. */
  input(dataset: Dataset, options?: { readonly context?: string }): void
  /** Start a child run in the same experiment. It has to be ended separately. */
  child(options?: RunOptions): Run
  /** Wait until everything logged so far is delivered, for at most `timeoutMs`. Never rejects. */
  flush(options?: WaitOptions): Promise<Receipt>
  /** End the run now, and wait until everything is delivered, for at most `timeoutMs`. Never rejects. */
  end(options?: EndOptions): Promise<Receipt>
  /**
   * End the run, if it has not ended: as FINISHED, because `await using` does not tell whether an error leaves its
   * block. If nobody handles such an error it ends the program, and the next sync corrects the run to FAILED.
   * `client.withRun` knows at once.
   */
  [Symbol.asyncDispose](): Promise<void>
}
