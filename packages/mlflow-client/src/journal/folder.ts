import { existsSync, linkSync, mkdirSync, readdirSync, rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { releaseLock } from '../node/lock.ts'

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

/** A new folder, for a journal that has lost its own. */
export function nextFolder(folder: string): string {
  for (let number = 2; ; number += 1) {
    const next = `${folder}.${number}`
    if (!existsSync(next)) return next
  }
}

/** Hold on to files that wait for upload through hard links. Missing ones have been sent, or are lost. */
export function linkUploads(from: string, to: string): void {
  try {
    for (const name of readdirSync(join(from, 'uploads')))
      linkSync(join(from, 'uploads', name), join(to, 'uploads', name))
  } catch {
    // Each missing file is reported when its turn comes.
  }
}

/** Delete a delivered journal of this process. What the server rejected stays readable in `dead.jsonl`. */
export function removeJournalFolder(folder: string): void {
  const names = readdirSync(folder).filter((name) => !['dead.jsonl', 'lock'].includes(name))
  // The header first: a folder without one is no longer a journal. The lock last.
  for (const name of ['run.json', ...names]) rmSync(join(folder, name), { recursive: true, force: true })
  releaseLock(folder)
  removeEmptyFolder(folder)
}

/** Delete a folder that is empty, with not even the lock of a process that is examining it. */
export function removeEmptyFolder(folder: string): void {
  try {
    rmdirSync(folder)
  } catch {
    // The process that is examining it deletes it.
  }
}
