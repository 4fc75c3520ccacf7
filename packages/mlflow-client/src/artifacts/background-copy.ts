import { closeSync, constants, copyFileSync, fstatSync, openSync, renameSync } from 'node:fs'
import { copyFile, rename, rm } from 'node:fs/promises'

/** A copy in progress. */
export interface BackgroundCopy {
  /** Resolves when the copy is complete or has failed; never rejects. False when the file changed meanwhile. */
  readonly done: Promise<boolean>
  /** Complete the copy now, synchronously, because the program ends. Throws what the disk throws. */
  finish(): void
}

/**
 * Copy a file whose name may disappear at any moment. The copy is complete or does not exist, even after a kill.
 *
 * Where the disk has no room for it, the file itself is used.
 */
export function copyInBackground(source: string, target: string): BackgroundCopy {
  const fd = openSync(source, 'r')
  // A path to the open file, which may no longer have a name.
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
