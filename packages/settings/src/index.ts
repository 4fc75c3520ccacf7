export { SettingsError, settingsErrorPages } from './errors.ts'
export type { SettingsErrorCode, SettingsProblem } from './errors.ts'
export { exampleYaml } from './example.ts'
export { ignoredKeys, ignoredKeysOf, type IgnoredKey } from './ignored-keys.ts'
export { settingsJsonSchema } from './json-schema.ts'
export type { JsonSchema } from './json-schema.ts'
export { loadSettings } from './load.ts'
export { parseSettings } from './parse.ts'
export { localDefaults } from './schema.ts'
export { settingsReference } from './reference.ts'
export type { SettingsReferenceRow } from './reference.ts'
export type {
  AlarmSettings,
  AwsTarget,
  BackupSettings,
  DnsSettings,
  Duration,
  FirewallSettings,
  LocalTarget,
  Settings,
  SshTarget,
  Target,
  TeamSettings,
  TlsSettings,
} from './settings.ts'
export { chooseTarget } from './target.ts'
export { settingsTemplate, type SshAnswers } from './template.ts'
