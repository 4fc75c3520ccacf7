import { readFile } from 'node:fs/promises'
import { SettingsError } from './errors.ts'
import { parseSettings } from './parse.ts'
import type { Settings } from './settings.ts'

/**
 * Reads a settings file.
 * @throws {@link SettingsError} if the file cannot be read or is invalid.
 */
export async function loadSettings(path: string): Promise<Settings> {
  return parseSettings(await read(path), { file: path })
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason'
    throw new SettingsError(
      [
        {
          code: 'SOEN_SETTINGS_MISSING',
          message: `${path} cannot be read (${reason})`,
          hint: 'Name an existing file, or copy the annotated example to this place.',
        },
      ],
      { cause },
    )
  }
}
