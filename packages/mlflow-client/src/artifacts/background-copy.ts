import { closeSync, constants, copyFileSync, fstatSync, openSync, renameSync } from 'node:fs'
import { copyFile, rename, rm } from 'node:fs/promises'

/** A copy that is being made. */
export interface BackgroundCopy {
  /** Settles when the copy is there or cannot be; never rejects. False when the file changed meanwhile. */
  readonly done: Promise<boolean>
  /** Make it now: the program ends. Throws what the disk throws. */
  finish(): void
}

/**
 * Copy a file that may lose its name at once. The copy is whole or not there, also after a kill.
 *
 * Without room for it the file itself has to do.
 */
export function copyInBackground(source: string, target: string): BackgroundCopy {
  const fd = openSync(source, 'r')
  // The way to a file that has no name any more.
  const from = process.platform === 'linux' ? `/proc/self/fd/${fd}` : source
  const before = fstatSync(fd)
  let isDone = false
  const done = copyWhole(from, target).then(() => {
    isDone = true
    const { size, mtimeMs } = fstatSync(fd)
    closeSync(fd)
    return size === before.size && mtimeMs === before.mtimeMs
  })
  const finish = (): void => {
    if (isDone) return
    copyFileSync(from, `${target}.last`)
    renameSync(`${target}.last`, target)
  }
  return { done, finish }
}

async function copyWhole(source: string, target: string): Promise<void> {
  const unfinished = `${target}.tmp`
  try {
    await copyFile(source, unfinished, constants.COPYFILE_FICLONE)
    await rename(unfinished, target)
  } catch {
    await rm(unfinished, { force: true }).catch(() => {})
  }
}
