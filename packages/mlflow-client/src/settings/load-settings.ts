import { readCredentialsFile } from './credentials-file.ts'
import type { Environment } from './environment.ts'
import type { LoggingFile } from './logging-block.ts'
import { mergeSettings, type ParsedSources, type Settings } from './settings.ts'

/** Where to read settings from. */
export interface LoadSettingsOptions extends Pick<ParsedSources, 'call' | 'env'> {
  /** A training YAML with a `logging:` block: its path, or its parsed content. */
  readonly config?: string | object | undefined
}

/** Read only the files that the settings need: none at all when logging is off or nothing is missing. */
export async function loadSettings({
  config,
  env = process.env,
  call = {},
}: LoadSettingsOptions = {}): Promise<Settings> {
  const sources = { call, env, file: await readFileOf(config, env) }
  const settings = mergeSettings(sources)
  if (!settings.active || settings.target === 'file') return settings
  return mergeSettings({ ...sources, credentialsFile: await readCredentialsFile(env) })
}

/** Loaded only where there is such a file. */
async function readFileOf(
  config: LoadSettingsOptions['config'],
  env: Environment,
): Promise<LoggingFile | undefined> {
  if (config === undefined) return undefined
  const { readLoggingFile } = await import('./logging-block.ts')
  if (typeof config !== 'string') return readLoggingFile(config, env)
  const { loadConfig } = await import('./load-config.ts')
  return readLoggingFile(await loadConfig(config), env)
}
