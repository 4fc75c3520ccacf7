import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { FILE_MODE, hasShape } from '../journal/folder.ts'
import type { StartedUpload } from './multipart-api.ts'

/** What an upload in parts has come to, kept beside the file so that a restart goes on. */
export interface UploadNotes extends StartedUpload {
  /** Of the file: another size or time is another file. */
  readonly sizeBytes: number
  readonly modifiedMs: number
}

/** Notes, and the parts that the store has confirmed since. */
export interface UploadProgress {
  readonly notes: UploadNotes
  readonly etags: Map<number, string>
}

/** Note that an upload has begun. The signed addresses in it are worth as much as the file: for its owner only. */
export function writeNotes(path: string, notes: UploadNotes): UploadProgress {
  writeFileSync(path, `${JSON.stringify(notes)}\n`, { mode: FILE_MODE })
  return { notes, etags: new Map() }
}

/** Note that the store has a part. */
export function noteEtag(path: string, progress: UploadProgress, number: number, etag: string): void {
  progress.etags.set(number, etag)
  appendFileSync(path, `${JSON.stringify([number, etag])}\n`)
}

/** What an earlier attempt has come to; nothing when there was none for this file. */
export function readNotes(
  path: string,
  file: Pick<UploadNotes, 'sizeBytes' | 'modifiedMs'>,
): UploadProgress | undefined {
  try {
    const [first = '', ...rest] = readFileSync(path, 'utf8').split('\n')
    const notes: unknown = JSON.parse(first)
    if (!isNotes(notes) || notes.sizeBytes !== file.sizeBytes || notes.modifiedMs !== file.modifiedMs)
      return undefined
    return { notes, etags: new Map(rest.flatMap(readEtag)) }
  } catch {
    return undefined
  }
}

/** Forget about an upload. */
export function removeNotes(path: string): void {
  rmSync(path, { force: true })
}

/** A kill may have torn the last line. */
function readEtag(line: string): [number, string][] {
  try {
    const [number, etag]: unknown[] = JSON.parse(line)
    return typeof number === 'number' && typeof etag === 'string' ? [[number, etag]] : []
  } catch {
    return []
  }
}

function isNotes(value: unknown): value is UploadNotes {
  return hasShape(value, { uploadId: 'string', targets: 'object', sizeBytes: 'number', modifiedMs: 'number' })
}
