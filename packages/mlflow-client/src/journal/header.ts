import { join } from 'node:path'
import { hasShape, readJson, replaceJson } from '../node/json-file.ts'

/** What is needed to create the run on the server, fixed when the run is started. */
export interface JournalHeader {
  readonly version: 1
  /** The client's own id, known before the server is reached. */
  readonly clientRunId: string
  /** The address it is meant for; without credentials. */
  readonly trackingUri: string
  readonly experiment: string
  /** The server's id of the experiment, where that was given. */
  readonly experimentId?: string | undefined
  readonly name: string
  readonly startTimeMs: number
  readonly userId?: string | undefined
  readonly tags: Readonly<Record<string, string>>
  /** A run with this key is resumed, if there is one. */
  readonly resumeKey?: string | undefined
  /** What to do with values at steps that the resumed run already had; `skip` by default. */
  readonly overlap?: 'skip' | 'keep' | undefined
  /** The server's id of a run to write to instead of creating one. */
  readonly joins?: string | undefined
  /**
   * How names of metrics are to be cleaned; set where the journal has names as the program gave them. Without it
   * they are clean.
   */
  readonly names?: 'flat' | 'paths' | undefined
  /** The client's id of the run that this one belongs to. */
  readonly parentId?: string | undefined
}

/** What the server has told about the run. */
export interface RemoteRun {
  readonly experimentId: string
  readonly runId: string
  readonly artifactUri: string
  /** What the run had when it was resumed. */
  readonly seen?: SeenMetrics
  /** It was created again after an unanswered request, which may still create a twin. */
  readonly mayHaveTwin?: true
}

/** What other processes of a job have logged. */
export interface SeenMetrics {
  /** The last step of each metric. */
  readonly lastSteps: Readonly<Record<string, number>>
  /** None of their points is later than this, in ms since 1970. */
  readonly untilMs: number
  /** Points from then on belong to a later process of the job, which came after this one. */
  readonly againFromMs?: number
}

/** A create request was or may have been sent: search before sending another. */
export interface RemoteAttempt {
  readonly attempted: true
  /** When the last one was sent, in ms since 1970. */
  readonly atMs?: number
}

/** Write the header. */
export function writeHeader(folder: string, header: JournalHeader): void {
  replaceJson(join(folder, 'run.json'), header)
}

/** Read the header of a journal; nothing when the folder is no journal. */
export function readHeader(folder: string): JournalHeader | undefined {
  return readJson(join(folder, 'run.json'), isHeader)
}

/** Store what is known of the run on the server. */
export function writeRemote(folder: string, remote: RemoteRun | RemoteAttempt): void {
  replaceJson(join(folder, 'remote.json'), remote)
}

/** Load what is known of the run on the server. */
export function readRemote(folder: string): RemoteRun | RemoteAttempt | undefined {
  return readJson(join(folder, 'remote.json'), isRemote)
}

function isHeader(value: unknown): value is JournalHeader {
  return hasShape(value, {
    version: 'number',
    clientRunId: 'string',
    trackingUri: 'string',
    experiment: 'string',
    name: 'string',
    startTimeMs: 'number',
    tags: 'object',
  })
}

function isRemote(value: unknown): value is RemoteRun | RemoteAttempt {
  return (
    hasShape(value, { experimentId: 'string', runId: 'string', artifactUri: 'string' }) ||
    hasShape(value, { attempted: 'boolean' })
  )
}
