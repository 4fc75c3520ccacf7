import { readCredentialsFile } from './credentials-file.ts'
import { loadConfig } from './load-config.ts'
import { resolveSettings, type Settings, type SettingsSources } from './settings.ts'

/** Where settings are to be read from. */
export interface LoadSettingsOptions extends Pick<SettingsSources, 'call' | 'env'> {
  /** A training YAML with a `logging:` block: its path, or its parsed content. */
  readonly config?: string | object | undefined
}

/** Read the files that the settings need, and no other: none at all when logging is off or nothing is missing. */
export async function loadSettings({
  config,
  env = process.env,
  call = {},
}: LoadSettingsOptions = {}): Promise<Settings> {
  const configFile = typeof config === 'string' ? await loadConfig(config) : config
  const sources = { call, env, configFile }
  const settings = resolveSettings(sources)
  if (!settings.active || settings.target === 'file') return settings
  return resolveSettings({ ...sources, credentialsFile: await readCredentialsFile(env) })
}
