/**
 * The API of a training program: `init` creates a client, a client starts runs, and a run logs.
 *
 * @module core
 */

export { init, Client } from './run/client.ts'
export type { ClientEvents, ClientParts, InitOptions, StateChange, UploadProgress } from './run/client.ts'

// A run, what it accepts and what becomes of it.
export type { ArtifactOptions, EndOptions, LogOptions, Run, RunOptions, WaitOptions } from './run/run.ts'
export type { Dataset } from './run/dataset.ts'
export { sanitizeName } from './names/sanitize.ts'
export type { SanitizeOptions } from './names/sanitize.ts'
export type { Receipt } from './delivery/receipt.ts'
export type { DeliveryState } from './delivery/patience.ts'
export type { JournalPolicy } from './journal/journal-policy.ts'
export type { RemoteRun } from './journal/header.ts'

// The errors.
export { CLIENT_ERROR_CODES, ClientError } from './errors/client-error.ts'
export type { ClientErrorCode, ErrorParts } from './errors/client-error.ts'
