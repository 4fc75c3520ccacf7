import { readdirSync, rmSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { hasShape, readJson, replaceJson } from '../node/json-file.ts'
import { lazyCrypto } from '../node/lazy-crypto.ts'
import type { HeldFile } from './take-file.ts'

/** A file, or a text that becomes one, that is to be among a run's artifacts. */
export interface UnsentFile extends Partial<HeldFile> {
  /** What is in it, where the spool folder had no room for a file. */
  readonly text?: string
  /** Path among the run's artifacts. */
  readonly to: string
}

/** A file that was taken over from the journal's records, and has a life of its own since. */
export interface WaitingFile extends HeldFile, Pick<UnsentFile, 'text' | 'to'> {
  /** Files are sent in this order. */
  readonly order: number
  /** The server has it; only its record may still be read again. */
  readonly isDone?: boolean
  /** Why it stands aside. */
  readonly reason?: string
}

const NOTE = '.todo'

/** What one file of a journal is known by, however often its record is read. */
export function nameOf({ file, copy, text, to }: UnsentFile): string {
  const about = JSON.stringify([file, copy, text, to])
  return lazyCrypto().createHash('sha256').update(about).digest('hex').slice(0, 16)
}

/** The notes in a journal's folder by name, in the order in which the files were taken. */
export function readWaiting(folder: string): Map<string, WaitingFile> {
  const found = namesIn(folder).flatMap((name): [string, WaitingFile][] => {
    const note = readJson(notePath(folder, name), isWaitingFile)
    return note === undefined ? [] : [[name, note]]
  })
  return new Map(found.sort(([, a], [, b]) => a.order - b.order))
}

/** Note how it stands with a file. A disk that refuses leaves it to this process alone. */
export function noteWaiting(folder: string, name: string, note: WaitingFile): void {
  try {
    replaceJson(notePath(folder, name), note)
  } catch {
    // After a kill the file is sent a second time, or not at all where the disk has taken nothing of the run.
  }
}

/** Let go of a note: its record is acknowledged and its file delivered. */
export function forgetNote(folder: string, name: string): void {
  rmSync(notePath(folder, name), { force: true })
}

/** Let go of the bytes of a file, where the journal owns them. */
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
