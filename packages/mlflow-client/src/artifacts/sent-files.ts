import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { FILE_MODE } from '../node/json-file.ts'
import type { HeldFile } from './take-file.ts'

/** Whether a file of the journal was sent, by this process or by one that was killed before it could tell. */
export function wasSent(folder: string, held: HeldFile): boolean {
  const own = ownPath(folder, held)
  return own !== undefined && existsSync(markOf(own))
}

/** Note that the server has a file, and give its bytes back: only the note is needed until its record is acknowledged. */
export function noteSent(folder: string, held: HeldFile): void {
  const own = ownPath(folder, held)
  if (own === undefined) return
  try {
    writeFileSync(markOf(own), '', { mode: FILE_MODE })
    rmSync(own, { force: true })
  } catch {
    // The disk refuses; a kill would then send the file a second time.
  }
}

/** Let go of a file whose record is acknowledged. */
export function forgetFile(folder: string, held: HeldFile): void {
  const own = ownPath(folder, held)
  if (own === undefined) return
  for (const path of [own, markOf(own)]) rmSync(path, { force: true })
}

/** Where the journal holds the file; nothing when it is somewhere else, and may be another file the next time. */
function ownPath(folder: string, { file, copy }: HeldFile): string | undefined {
  const own = copy ?? (isAbsolute(file) ? undefined : file)
  return own === undefined ? undefined : join(folder, own)
}

function markOf(path: string): string {
  return `${path}.sent`
}
