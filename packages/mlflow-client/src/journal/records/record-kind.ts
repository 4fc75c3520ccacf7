import type { UnsentFile } from '../../artifacts/waiting-files.ts'
import type { Transport } from '../../rest/transport.ts'
import type { RunStatus } from '../../rest/wire.ts'
import type { RemoteRun } from '../header.ts'

/** One line of a journal. Keys are short because a million of these lie on disk. */
interface AnyRecord {
  /** Tells the kinds apart. */
  readonly k: string
}

/**
 * All that is particular to one kind of record. What is to be sent is planned as data, and then sent item by item.
 *
 * A new kind is a file beside the others and its lines in `records.ts`, of which the compiler asks for the second.
 */
export interface RecordKind<Kept extends AnyRecord = AnyRecord, Work = unknown> {
  /** How many of the caller's items a record carries: the unit of receipts. */
  items(record: Kept): number
  /** What is to be sent of some records, in order. */
  plan(records: readonly Kept[]): readonly Work[]
  /** Send one thing of the plan; what the server will never take is the answer. Throws what stops the delivery. */
  send(work: Work, delivery: Delivery): Promise<readonly DeadLetter[]>
}

/** Something the server will never take. */
export interface DeadLetter {
  /** Its kind, in a word for the reader of `dead.jsonl`. */
  readonly kind: string
  readonly name: string
  readonly reason: string
  /** The item as it would have been sent. */
  readonly item: unknown
}

/** Repeats a request until the server takes it, or refuses it for good, which it throws. */
type Persist = <Result>(request: () => Promise<Result>, options?: PersistOptions) => Promise<Result>

/** How a request is repeated. */
export interface PersistOptions {
  /** Whether the caller knows another way where the request is too large; without one it is repeated as it is. */
  readonly hasOtherWay?: boolean
}

/** What a record is sent by. */
export interface Delivery {
  readonly transport: Transport
  readonly run: RemoteRun
  readonly signal: AbortSignal
  readonly persist: Persist
  /** Count what was sent and acknowledged. */
  readonly addBytes: (bytes: number) => void
  /** Let a file be sent by its own lane, which counts it. */
  readonly handOver: (file: UnsentFile) => Promise<void>
  /** End the run on the server when its files are settled, unless another process goes on in it. */
  readonly endRun: (end: { readonly status: RunStatus; readonly endTimeMs: number }) => Promise<void>
}
