import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { ownershipDifferences, setOwnership, statOf } from './ownership.ts'
import type { FolderResource, ResourceKind } from './resource.ts'

/** Folders: made with their parents, never emptied, never removed. */
export const folderKind: ResourceKind<FolderResource> = {
  async differences(folder, machine) {
    const stats = await statOf(machine, folder.path)
    if (stats === undefined) return [{ aspect: 'folder', is: null, wanted: 'there' }]
    if (!stats.isDirectory()) return [{ aspect: 'folder', is: 'something else', wanted: 'a folder' }]
    return ownershipDifferences(folder, stats, machine)
  },
  async apply(folder, machine) {
    const path = join(machine.root, folder.path)
    const stats = await statOf(machine, folder.path)
    if (stats !== undefined && !stats.isDirectory()) {
      throw new Error(`${folder.path} is not a folder, and what it is was not made by us: move it away.`)
    }
    await mkdir(path, { recursive: true })
    await setOwnership(folder, path, machine)
  },
}
