import { mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

// Parameters may hold secrets, and the spool folder may be on a shared machine.
const FOLDER_MODE = 0o700
/** Files of a journal belong to one person. */
export const FILE_MODE = 0o600

const SEGMENT = /^(\d{6,})\.seg$/

/** Create a journal's folder and its folder of files waiting for upload. */
export function createJournalFolder(folder: string): void {
  mkdirSync(join(folder, 'uploads'), { recursive: true, mode: FOLDER_MODE })
}

/** The path of a segment. */
export function segmentPath(folder: string, segment: number): string {
  return join(folder, `${String(segment).padStart(6, '0')}.seg`)
}

/** The numbers of the segments in a folder, in order. */
export function listSegments(folder: string): number[] {
  return readdirSync(folder)
    .flatMap((name) => SEGMENT.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b)
}

/** Replace a small JSON file so that a reader, or the next start after a kill, sees the old or the new one. */
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

/** Remove a delivered journal. What the server rejected stays readable in `dead.jsonl`. */
export function removeJournalFolder(folder: string): void {
  const names = readdirSync(folder)
  // The header goes first: a folder without it is nobody's work any more.
  for (const name of ['run.json', ...names.filter((each) => each !== 'dead.jsonl')]) {
    rmSync(join(folder, name), { recursive: true, force: true })
  }
  if (!names.includes('dead.jsonl')) rmdirSync(folder)
}
