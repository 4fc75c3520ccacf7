import type { CallRecord } from './call-record.ts'
import type { RecordKind } from './record-kind.ts'

/** One request each, in the order of the calls. */
export const call: RecordKind<CallRecord, CallRecord> = {
  items: () => 1,
  plan: (records) => records,
  // Loaded only by programs that log through another client than this one.
  send: async (...work) => await (await import('./send-call.ts')).sendCall(...work),
}
