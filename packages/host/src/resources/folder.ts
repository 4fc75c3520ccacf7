import { mkdir, readdir, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { hasErrorCode } from '@soen/mlflow-server'
import { octal, ownershipDifferences, setOwnership, statOf } from './ownership.ts'
import { nothing, type ResourceKind } from './resource-kind.ts'

/** A folder with its owner and mode. */
export interface FolderResource {
  readonly kind: 'folder'
  readonly path: string
  readonly mode: number
  readonly owner: string
  readonly group: string
  /**
   * Its contents: only ours, removed with it, or data, which stays. Without this others may keep things in it, and
   * it is removed only when empty.
   */
  readonly holds?: 'ours' | 'data'
}

/** Folders: created with their parents, never emptied by a plan. */
export const folderKind: ResourceKind<FolderResource> = {
  kind: 'folder',
  name: ({ path }) => `folder ${path}`,
  shell: ({ path, mode, owner, group }) => [`install -d -m ${octal(mode)} -o ${owner} -g ${group} ${path}`],
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
  async remains({ path, holds }, machine, going) {
    if (!(await statOf(machine, path))?.isDirectory()) return nothing
    if (holds === 'data') return { goes: [], stays: [{ what: path, removedBy: `sudo rm -rf ${path}` }] }
    const entries = holds === 'ours' ? [] : await readdir(join(machine.root, path))
    return entries.every((name) => going.has(join(path, name))) ? { goes: [`folder ${path}`] } : nothing
  },
  async remove({ path, holds }, machine) {
    const place = join(machine.root, path)
    if (holds === 'data') return
    if (holds === 'ours') return rm(place, { recursive: true, force: true })
    await rmdir(place).catch((error: unknown) => {
      if (!['ENOENT', 'ENOTEMPTY', 'ENOTDIR'].some((code) => hasErrorCode(error, code))) throw error
    })
  },
}
