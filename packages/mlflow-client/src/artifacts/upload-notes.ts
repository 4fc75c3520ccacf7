import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { FILE_MODE, hasShape } from '../node/json-file.ts'
import type { StartedUpload, StoredSize } from '../rest/multipart.ts'

/** The progress of a multipart upload, stored beside the file so that a restart can continue. */
export interface UploadNotes extends StartedUpload {
  /** The file's: another size or time means another file. */
  readonly sizeBytes: number
  readonly modifiedMs: number
}

/** The notes, and the parts that the store has confirmed since. */
export interface UploadProgress {
  readonly notes: UploadNotes
  readonly etags: Map<number, string>
  /** What the store had at this path before the parts were put together; undefined until then. */
  storedBefore?: StoredSize | undefined
}

/** Note that an upload has begun. Its signed addresses are as sensitive as the file: readable by its owner only. */
export function writeNotes(path: string, notes: UploadNotes): UploadProgress {
  writeFileSync(path, `${JSON.stringify(notes)}\n`, { mode: FILE_MODE })
  return { notes, etags: new Map() }
}

/** Note that the store has a part. */
export function noteEtag(path: string, progress: UploadProgress, number: number, etag: string): void {
  progress.etags.set(number, etag)
  appendFileSync(path, `${JSON.stringify([number, etag])}\n`)
}

/** Note that the store is about to be asked to put the parts together. */
export function noteCompletion(path: string, progress: UploadProgress, storedBefore: StoredSize): void {
  progress.storedBefore = storedBefore
  appendFileSync(path, `${JSON.stringify({ storedBefore })}\n`)
}

/** The progress of an earlier attempt; undefined when there was none. */
export function readNotes(path: string): UploadProgress | undefined {
  try {
    const [first = '', ...rest] = readFileSync(path, 'utf8').split('\n')
    const notes: unknown = JSON.parse(first)
    if (!isNotes(notes)) return undefined
    const progress: UploadProgress = { notes, etags: new Map() }
    for (const line of rest) readLine(line, progress)
    return progress
  } catch {
    return undefined
  }
}

/** Delete the notes of an upload. */
export function removeNotes(path: string): void {
  rmSync(path, { force: true })
}

function readLine(line: string, progress: UploadProgress): void {
  const value = parsed(line)
  if (Array.isArray(value)) {
    const [number, etag]: unknown[] = value
    if (typeof number === 'number' && typeof etag === 'string') progress.etags.set(number, etag)
  } else if (typeof value === 'object' && value !== null && 'storedBefore' in value) {
    const { storedBefore } = value
    const isKnown = typeof storedBefore === 'number' || storedBefore === 'none'
    progress.storedBefore = isKnown ? storedBefore : 'unknown'
  }
}

/** A kill may have cut off the last line. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function isNotes(value: unknown): value is UploadNotes {
  return hasShape(value, { uploadId: 'string', targets: 'object', sizeBytes: 'number', modifiedMs: 'number' })
}
