import { mkdirSync, readdirSync, rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

// Parameters may hold secrets, and the spool folder may be on a shared machine.
const FOLDER_MODE = 0o700

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

/** Remove a delivered journal. What the server rejected stays readable in `dead.jsonl`. */
export function removeJournalFolder(folder: string): void {
  const names = readdirSync(folder)
  // The header goes first: a folder without it is nobody's work any more.
  for (const name of ['run.json', ...names.filter((each) => each !== 'dead.jsonl')]) {
    rmSync(join(folder, name), { recursive: true, force: true })
  }
  if (!names.includes('dead.jsonl')) rmdirSync(folder)
}
