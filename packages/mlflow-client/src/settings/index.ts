/**
 * Reading settings: `@soen/mlflow-client/settings`.
 *
 * @module settings
 */

// From the files, the environment and the call to settings.
export { loadConfig } from './load-config.ts'
export { loadSettings } from './load-settings.ts'
export type { LoadSettingsOptions } from './load-settings.ts'
export { resolveSettings } from './resolve-settings.ts'
export type { SettingsSources } from './resolve-settings.ts'
export { defaultSpoolDir } from './settings.ts'
export type {
  CallSettings,
  DisabledSettings,
  FileSettings,
  Identity,
  RemoteSettings,
  ServerSettings,
  Settings,
} from './settings.ts'
export type { StoredCredentials } from './credentials-file.ts'
export type { Environment } from './environment.ts'
export type { LoggingBlock } from './logging-block.ts'
export type { RetryPolicy } from './retry-policy.ts'

// The address of a server or of a folder.
export { parseStoreUri } from './store-uri.ts'
export { parseTrackingUri, redactUri } from './tracking-uri.ts'
export type { Credentials, ParsedTrackingUri } from './tracking-uri.ts'
