import type { Receipt } from '../delivery/receipt.ts'
import type { RemoteRun } from '../journal/header.ts'
import type { Identity } from '../settings/settings.ts'
import type { Dataset } from './dataset.ts'

/** How a run begins. */
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
   * Go on in the latest run of this key in the experiment, if there is one: a job that was stopped and
   * started again stays one run. With true the key is made of project, member, repeat and seed.
   */
  readonly resumeKey?: string | true | undefined
  /**
   * What becomes of values at steps of which the run already had that metric when it was resumed: `skip` (by default)
   * leaves them out and counts them as skipped, `keep` logs them a second time. Values without a step are all logged.
   */
  readonly overlap?: 'skip' | 'keep' | undefined
  /** The server's id of a run to write to; MLFLOW_RUN_ID for the first run of a program. */
  readonly runId?: string | undefined
  /** Log processors, memory, disk, network and GPUs every 10 s; MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING by default. */
  readonly systemMetrics?: boolean | undefined
}

/** Where metric values stand. */
export interface LogOptions {
  /** An integer. A value without a step is shown at 0, and told from others by its time. */
  readonly step?: number | undefined
  /** Whether the step is a count of this process, from 0: in a resumed run it goes on from where the metric ended. */
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

/** Where an artifact goes. */
export interface ArtifactOptions {
  /** Folder among the run's artifacts; the top by default. */
  readonly to?: string | undefined
  /** Another file name than the file has. */
  readonly as?: string | undefined
}

/**
 * One training run.
 *
 * Nothing of it ever throws or rejects, whatever it is given, and everything but `flush` and `end` returns at once:
 * a mistake becomes a warning, and a server that is away is the journal's business.
 */
export interface Run extends AsyncDisposable {
  /** The client's own id of the run: known at once, and the tag `soen.client_run_id`. */
  readonly id: string
  readonly name: string
  /** Where the run lies on the server; nothing until it has been reached. */
  readonly remote: RemoteRun | undefined
  /** The run's page, once the server has been reached; nothing for a local store. */
  readonly url: string | undefined
  /** Where what is not delivered yet is kept; nothing when logging is disabled. */
  readonly journalFolder: string | undefined

  /** Log metric values of one step. NaN and infinities are fine. */
  log(metrics: Readonly<Record<string, number>>, options?: LogOptions): void
  /**
   * Log parameters: any object, also one of an interface or a class, or a `Map`. Nested ones become names with dots,
   * lists JSON. A parameter keeps its first value; one that cannot be spelled costs nothing but itself.
   */
  params(params: object): void
  /** Set one tag. */
  tag(key: string, value: string): void
  /** Set several tags. */
  tags(tags: Readonly<Record<string, string>>): void
  /** Describe the run in Markdown. Beyond 8000 characters the whole text is the artifact `notes/description.md`. */
  note(markdown: string): void
  /**
   * Upload a file, or a folder with all that is in it, by path or `file:` URL. Each may be deleted or replaced by a new one at once; up to 8 MiB
   * also written to in place. A larger one that is written to in place arrives as it is then, with a warning.
   */
  artifact(path: string | URL, options?: ArtifactOptions): void
  /** Upload a text as a file. */
  text(text: string, path: string): void
  /** Upload bytes as a file. */
  bytes(bytes: Uint8Array, path: string): void
  /** Say that something is not logged, and why: a warning, and counted as dropped. For what logs by the calls above. */
  refuse(name: string, why: string): void
  /**
   * Have something done each time before the run is flushed, and a last time before it ends: for what gathers values and
   * logs them together.
   */
  beforeFlush(work: (isEnd: boolean) => void): void
  /** Note a dataset that the run reads, and what for: `training`, for instance. */
  input(dataset: Dataset, options?: { readonly context?: string }): void
  /** Start a run that belongs to this one, in the same experiment. It is ended by itself. */
  child(options?: RunOptions): Run
  /** Wait until everything so far is delivered, at most `timeoutMs`. Never rejects. */
  flush(options?: WaitOptions): Promise<Receipt>
  /** End the run now, and wait until everything is delivered, at most `timeoutMs`. Never rejects. */
  end(options?: EndOptions): Promise<Receipt>
  /**
   * End the run, if it has not ended: as FINISHED, because `await using` does not say whether an error leaves
   * its block. One that nobody handles then ends the program, and the next sync corrects the run to FAILED.
   * `client.withRun` knows it at once.
   */
  [Symbol.asyncDispose](): Promise<void>
}
