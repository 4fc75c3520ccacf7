/** The type of a setting's value: one text, a whole number, yes or no, or several texts. */
export type SettingKind = 'text' | 'number' | 'switch' | 'list'

/** The name of a setting. */
export type SettingName =
  | 'listen'
  | 'upstream'
  | 'state'
  | 'allowedHosts'
  | 'features'
  | 'teamName'
  | 'behindTlsProxy'
  | 'setupSecretFile'
  | 'auditFolder'
  | 'auditDays'
  | 'auditSignatures'
  | 'logLevel'
  | 'drainSeconds'

/** One setting of the front door. */
export interface SettingKey {
  /** Its name in the settings file. */
  readonly key: SettingName
  readonly flag: string
  readonly variable: string
  readonly kind: SettingKind
  /** Whether a running front door applies a new value. */
  readonly isLive: boolean
}

/** Every setting, in the order in which they are listed. */
export const settingKeys: readonly SettingKey[] = [
  key('listen', 'listen', 'text'),
  key('upstream', 'upstream', 'text'),
  key('state', 'state', 'text'),
  key('allowedHosts', 'allowed-host', 'list', 'live'),
  key('features', 'feature', 'list', 'live'),
  key('teamName', 'team-name', 'text', 'live'),
  key('behindTlsProxy', 'behind-tls-proxy', 'switch'),
  key('setupSecretFile', 'setup-secret-file', 'text'),
  key('auditFolder', 'audit-folder', 'text'),
  key('auditDays', 'audit-days', 'number'),
  key('auditSignatures', 'audit-signatures', 'text'),
  key('logLevel', 'log-level', 'text', 'live'),
  key('drainSeconds', 'drain-seconds', 'number', 'live'),
]

/** The environment variable that names the settings file. */
export const fileVariable = 'SOEN_PROXY_CONFIG'

function key(name: SettingName, flag: string, kind: SettingKind, when?: 'live'): SettingKey {
  const variable = `SOEN_PROXY_${name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`
  return { key: name, flag, variable, kind, isLive: when === 'live' }
}
