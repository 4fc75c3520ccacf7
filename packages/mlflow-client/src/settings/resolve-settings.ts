import { readLoggingFile } from './logging-block.ts'
import { mergeSettings, type ParsedSources, type Settings } from './settings.ts'

/** The sources of settings, with the training file parsed. */
export interface SettingsSources extends Omit<ParsedSources, 'file'> {
  /** A parsed training file, whose `logging:` block is used. */
  readonly configFile?: unknown
}

/** Merge call > environment > `logging:` block > credentials file > team defaults. Pure: reads no file, opens nothing. */
export function resolveSettings({ configFile, ...sources }: SettingsSources): Settings {
  const file = configFile === undefined ? undefined : readLoggingFile(configFile, sources.env)
  return mergeSettings({ ...sources, file })
}
