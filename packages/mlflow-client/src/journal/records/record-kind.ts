import type { UnsentFile } from '../../artifacts/waiting-files.ts'
import type { Transport } from '../../rest/transport.ts'
import type { RunStatus } from '../../rest/wire.ts'
import type { RemoteRun } from '../header.ts'

/** One line of a journal. Keys are short because there are millions of them on disk. */
interface AnyRecord {
  /** Identifies the kind. */
  readonly k: string
}

/**
 * Everything that is specific to one kind of record. What is to be sent is planned as data, and then sent item by
 * item.
 *
 * A new kind is a file beside the others and its lines in `records.ts`, where the compiler asks for the missing one.
 */
export interface RecordKind<Kept extends AnyRecord = AnyRecord, Work = unknown> {
  /** How many of the caller's items a record holds: the unit of receipts. */
  items(record: Kept): number
  /** What has to be sent for some records, in order. */
  plan(records: readonly Kept[]): readonly Work[]
  /** Send one item of the plan; resolves to what the server refuses for good. Throws what stops the delivery. */
  send(work: Work, delivery: Delivery): Promise<readonly DeadLetter[]>
}

/** An item that the server refuses for good. */
export interface DeadLetter {
  /** Its kind, named for the reader of `dead.jsonl`. */
  readonly kind: string
  readonly name: string
  readonly reason: string
  /** The item as it would have been sent. */
  readonly item: unknown
}

/** Retries a request until the server accepts it, or refuses it for good, which it throws. */
type Persist = <Result>(request: () => Promise<Result>, options?: PersistOptions) => Promise<Result>

/** How a request is retried. */
export interface PersistOptions {
  /** Whether the caller has an alternative to a request that is too large; without one it is retried unchanged. */
  readonly hasOtherWay?: boolean
}

/** What kinds send their records with. */
export interface Delivery {
  readonly transport: Transport
  readonly run: RemoteRun
  readonly signal: AbortSignal
  readonly persist: Persist
  /** Count bytes that were sent and acknowledged. */
  readonly addBytes: (bytes: number) => void
  /** Hand a file to its own lane, which sends and counts it. */
  readonly handOver: (file: UnsentFile) => Promise<void>
  /** End the run on the server when its files are settled, unless another process continues it. */
  readonly endRun: (end: { readonly status: RunStatus; readonly endTimeMs: number }) => Promise<void>
}
