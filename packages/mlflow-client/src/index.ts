/**
 * What a training program calls: `init` makes a client, a client starts runs, and a run takes what is logged.
 *
 * @module core
 */

export { init, Client } from './run/client.ts'
export type { ClientEvents, ClientParts, InitOptions, StateChange, UploadProgress } from './run/client.ts'

// A run, what it takes and what becomes of it.
export type { ArtifactOptions, EndOptions, LogOptions, Run, RunOptions, WaitOptions } from './run/run.ts'
export type { Dataset } from './run/dataset.ts'
export { sanitizeName } from './names/sanitize.ts'
export type { SanitizeOptions } from './names/sanitize.ts'
export type { Receipt } from './delivery/receipt.ts'
export type { DeliveryState } from './delivery/patience.ts'
export type { JournalPolicy } from './journal/journal-policy.ts'
export type { RemoteRun } from './journal/header.ts'

// What can go wrong.
export { CLIENT_ERROR_CODES, ClientError } from './errors/client-error.ts'
export type { ClientErrorCode, ErrorParts } from './errors/client-error.ts'
