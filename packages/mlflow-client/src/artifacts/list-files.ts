import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** A file, and its slash-separated path below the listed folder. */
export interface ListedFile {
  readonly path: string
  readonly below: string
}

/** All files below a folder, recursively; undefined when the path is not a folder. */
export function listFolder(path: string): ListedFile[] | undefined {
  return isFolder(path) ? filesIn(path, '') : undefined
}

/** Links to folders are not followed: they may form a cycle. */
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
