import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** A file, and its slash-separated path below the folder that was asked about. */
export interface ListedFile {
  readonly path: string
  readonly below: string
}

/** All files of a folder and the folders in it; nothing when the path is no folder. */
export function listFolder(path: string): ListedFile[] | undefined {
  return isFolder(path) ? filesIn(path, '') : undefined
}

/** Links to folders are not followed: they may lead in a circle. */
function filesIn(folder: string, prefix: string): ListedFile[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    const below = `${prefix}${entry.name}`
    if (entry.isDirectory()) return filesIn(path, `${below}/`)
    const isFile = entry.isFile() || (entry.isSymbolicLink() && isLinkToFile(path))
    return isFile ? [{ path, below }] : []
  })
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

function isLinkToFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}
