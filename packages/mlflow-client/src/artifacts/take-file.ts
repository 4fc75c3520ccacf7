import {
  constants,
  copyFileSync,
  linkSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
  type Stats,
} from 'node:fs'
import { join } from 'node:path'
import { FILE_MODE } from '../node/json-file.ts'
import { copyInBackground, type BackgroundCopy } from './background-copy.ts'
import type { FileState } from './file-state.ts'

/** Where the bytes of a file to upload are. */
export interface HeldFile {
  /** Absolute, or relative to the journal's folder when the journal owns it. */
  readonly file: string
  /** The path of a copy once it has been made, relative to the journal's folder. */
  readonly copy?: string
  /** Its state when it was handed over, where its bytes may change afterwards. */
  readonly at?: FileState
}

/** A held file, and the copy of it that is still in progress. */
export interface TakenFile {
  readonly held: HeldFile
  readonly copying?: BackgroundCopy
}

/** The size up to which files are copied while the training waits: some milliseconds. */
const COPIED_AT_ONCE_BYTES = 8 * 1024 * 1024

/**
 * Hold on to a file to upload: the trainer may delete or overwrite it under its own name.
 *
 * A small file is copied, and so is a large one where the file system can clone files. Elsewhere a large one is held
 * by a hard link or, across file systems, kept open and copied in the background: copying gigabytes at once would
 * stop the training.
 *
 * @param folder - the journal's folder
 * @param number - tells the files of one journal apart
 */
export function takeFile(path: string, folder: string, number: number): TakenFile {
  const source = realpathSync(path)
  const found = statSync(source)
  if (!found.isFile()) throw new Error(`${path} is not a file`)
  const name = placeUpload(number)
  const target = join(folder, name)
  if (copyAtOnce(source, target, found)) return { held: { file: name } }
  const at = { sizeBytes: found.size, modifiedMs: found.mtimeMs }
  try {
    linkSync(source, target)
    return { held: { file: name, at } }
  } catch {
    return { held: { file: source, copy: name, at }, copying: copyInBackground(source, target) }
  }
}

/** Store a text, or bytes, as a file to upload. */
export function takeContent(content: string | Uint8Array, folder: string, number: number): HeldFile {
  const file = placeUpload(number)
  writeFileSync(join(folder, file), content, { mode: FILE_MODE })
  return { file }
}

/**
 * Where a held file's bytes are now, and their state when handed over; undefined where nobody else can change them.
 */
export function locateHeld(
  { file, copy, at }: HeldFile,
  folder: string,
): { readonly file: string; readonly at?: FileState | undefined } {
  const copied = copy === undefined ? undefined : join(folder, copy)
  if (copied !== undefined && statSync(copied, { throwIfNoEntry: false })?.isFile() === true)
    return { file: copied }
  return { file: file.startsWith('/') ? file : join(folder, file), at }
}

/** Whether the copy was made. */
function copyAtOnce(source: string, target: string, { size }: Stats): boolean {
  const { COPYFILE_FICLONE, COPYFILE_FICLONE_FORCE } = constants
  try {
    copyFileSync(source, target, size > COPIED_AT_ONCE_BYTES ? COPYFILE_FICLONE_FORCE : COPYFILE_FICLONE)
    return true
  } catch {
    // An incomplete copy would be in the way of a link.
    rmSync(target, { force: true })
    return false
  }
}

/** The path of a file that the journal owns, relative to its folder. */
export function placeUpload(number: number): string {
  return join('uploads', String(number).padStart(6, '0'))
}
