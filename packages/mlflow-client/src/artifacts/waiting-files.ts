import { readdirSync, rmSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { hasShape, readJson, replaceJson } from '../node/json-file.ts'
import { lazyCrypto } from '../node/lazy-crypto.ts'
import type { HeldFile } from './take-file.ts'

/** A file, or a text to store as one, for a run's artifacts. */
export interface UnsentFile extends Partial<HeldFile> {
  /** Its text, where the spool folder had no room for a file. */
  readonly text?: string
  /** Path among the run's artifacts. */
  readonly to: string
}

/** A file taken over from a journal's record, which is tracked independently of that record from then on. */
export interface WaitingFile extends HeldFile, Pick<UnsentFile, 'text' | 'to'> {
  /** Files are sent in this order. */
  readonly order: number
  /** The server has it; the note stays because its record may be read again. */
  readonly isDone?: boolean
  /** Why it was set aside. */
  readonly reason?: string
}

const NOTE = '.todo'

/** Identifies a file of a journal, however often its record is read. */
export function nameOf({ file, copy, text, to }: UnsentFile): string {
  const about = JSON.stringify([file, copy, text, to])
  return lazyCrypto().createHash('sha256').update(about).digest('hex').slice(0, 16)
}

/** The notes in a journal's folder by name, in the order in which the files were taken over. */
export function readWaiting(folder: string): Map<string, WaitingFile> {
  const found = namesIn(folder).flatMap((name): [string, WaitingFile][] => {
    const note = readJson(notePath(folder, name), isWaitingFile)
    return note === undefined ? [] : [[name, note]]
  })
  return new Map(found.sort(([, a], [, b]) => a.order - b.order))
}

/** Note the state of a file. If the disk refuses, only this process knows it. */
export function noteWaiting(folder: string, name: string, note: WaitingFile): void {
  try {
    replaceJson(notePath(folder, name), note)
  } catch {
    // After a kill the file is sent a second time or, where the disk stored nothing of the run, not at all.
  }
}

/** Delete a note whose record is acknowledged and whose file is delivered. */
export function forgetNote(folder: string, name: string): void {
  rmSync(notePath(folder, name), { force: true })
}

/** Delete the bytes of a file, where the journal owns them. */
export function forgetBytes(folder: string, { file, copy }: WaitingFile): void {
  const own = copy ?? (isAbsolute(file) ? undefined : file)
  if (own !== undefined) rmSync(join(folder, own), { force: true })
}

function notePath(folder: string, name: string): string {
  return join(folder, 'uploads', `${name}${NOTE}`)
}

function namesIn(folder: string): string[] {
  try {
    const files = readdirSync(join(folder, 'uploads')).filter((file) => file.endsWith(NOTE))
    return files.map((file) => file.slice(0, -NOTE.length))
  } catch {
    return []
  }
}

function isWaitingFile(value: unknown): value is WaitingFile {
  return hasShape(value, { file: 'string', to: 'string', order: 'number' })
}
