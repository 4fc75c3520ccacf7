/**
 * Journals and their delivery to the server: `@soen/mlflow-client/delivery`.
 *
 * @module delivery
 */

// What earlier programs left behind.
export { listJournals } from './list-journals.ts'
export type { WaitingRun } from './list-journals.ts'
export { syncJournals } from './sync-journals.ts'
export type { SyncedRun } from './sync-journal.ts'
export type { SyncOptions } from './spool-sync.ts'
export { findFormerAddresses } from './moved-server.ts'
export type { MovedOptions } from './moved-server.ts'

// For a run whose records do not come from a `Run`.
export { Outbox } from './outbox.ts'
export type { OutboxParts } from './outbox.ts'
export { knownServer } from './known-server.ts'
export type { KnownServer } from './known-server.ts'
export { serverNote } from './server-note.ts'
export { placeUpload } from '../artifacts/take-file.ts'
export { Tally } from './receipt.ts'
export { deliveryTransport } from './delivery-transport.ts'
export type { DeliveryOptions } from './delivery-transport.ts'
export type { OpenOptions } from './open-run.ts'
export { DEFAULT_JOURNAL_POLICY, journalPolicyFromEnv } from '../journal/journal-policy.ts'
export type { JournalHeader } from '../journal/header.ts'

// The content of a journal.
export type { JournalRecord } from '../journal/records.ts'
export type { CallRecord } from '../journal/records/call-record.ts'
export type { ArtifactRecord } from '../journal/records/artifact.ts'
export type { EndRecord } from '../journal/records/end.ts'
export type { InputRecord } from '../journal/records/input.ts'
export type { MetricsRecord } from '../journal/records/metrics.ts'
export type { ParamsRecord } from '../journal/records/params.ts'
export type { TagsRecord } from '../journal/records/tags.ts'
