import { constants, linkSync, realpathSync, statSync, writeFileSync } from 'node:fs'
import { copyFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { FILE_MODE } from '../node/json-file.ts'

/** Where the bytes of a file that is to be uploaded are. */
export interface HeldFile {
  /** Absolute, or relative to the journal's folder when the journal owns it. */
  readonly file: string
  /** Where a copy of it lies once it has been made, relative to the journal's folder. */
  readonly copy?: string
}

/** A file that is held, and the copy that is still being made of it. */
export interface TakenFile {
  readonly held: HeldFile
  /** Settles when the copy is there or cannot be; never rejects. */
  readonly copied?: Promise<void>
}

/**
 * Hold on to a file that is to be uploaded: the trainer may delete its own name for it.
 *
 * A hard link costs nothing. Between two file systems the file is copied in the background, because
 * copying gigabytes at once would stop the training; until then it is uploaded from where it is.
 *
 * @param folder - the journal's folder
 * @param number - tells the files of one journal apart
 */
export function takeFile(path: string, folder: string, number: number): TakenFile {
  const source = realpathSync(path)
  if (!statSync(source).isFile()) throw new Error(`${path} is not a file`)
  const name = uploadName(number)
  try {
    linkSync(source, join(folder, name))
    return { held: { file: name } }
  } catch {
    return { held: { file: source, copy: name }, copied: copyWhole(source, join(folder, name)) }
  }
}

/** Keep a text as a file that is to be uploaded. */
export function takeText(text: string, folder: string, number: number): TakenFile {
  const held = uploadName(number)
  writeFileSync(join(folder, held), text, { mode: FILE_MODE })
  return { held: { file: held } }
}

/** Where a held file's bytes are now. */
export function locateHeld({ file, copy }: HeldFile, folder: string): string {
  const copied = copy === undefined ? undefined : join(folder, copy)
  if (copied !== undefined && statSync(copied, { throwIfNoEntry: false })?.isFile() === true) return copied
  return file.startsWith('/') ? file : join(folder, file)
}

/** A copy is whole or not there, also after a kill. Without room for it the file itself has to do. */
async function copyWhole(source: string, target: string): Promise<void> {
  const unfinished = `${target}.tmp`
  try {
    await copyFile(source, unfinished, constants.COPYFILE_FICLONE)
    await rename(unfinished, target)
  } catch {
    await rm(unfinished, { force: true }).catch(() => {})
  }
}

function uploadName(number: number): string {
  return join('uploads', String(number).padStart(6, '0'))
}
