import { readFileSync, renameSync, writeFileSync } from 'node:fs'

/** A journal's files are private: parameters may contain secrets. */
export const FILE_MODE = 0o600

/** Replace a small JSON file atomically: a reader, or the next start after a kill, sees the old or the new one. */
export function replaceJson(path: string, value: unknown): void {
  const temporary = `${path}.tmp`
  writeFileSync(temporary, `${JSON.stringify(value)}\n`, { mode: FILE_MODE })
  renameSync(temporary, path)
}

/** Read a small JSON file; nothing when it is missing, torn, or not what it should be. */
export function readJson<Shape>(
  path: string,
  isShape: (value: unknown) => value is Shape,
): Shape | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return isShape(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** Whether a value is an object whose named properties have the named types. */
export function hasShape(
  value: unknown,
  shape: Readonly<Record<string, 'number' | 'object' | 'string' | 'boolean'>>,
): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const properties = new Map<string, unknown>(Object.entries(value))
  return Object.entries(shape).every(([key, type]) => typeof properties.get(key) === type)
}
