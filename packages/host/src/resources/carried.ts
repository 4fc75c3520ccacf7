import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { copyFile, link, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { hasErrorCode } from '@soen/mlflow-server'
import type { Machine } from '../machine/machine.ts'
import { payloadStore } from '../payload.ts'
import { ownershipDifferences, setOwnership, statOf } from './ownership.ts'
import type { CarriedResource, ResourceKind } from './resource.ts'

const root = { owner: 'root', group: 'root' }

/** Carried files: the store's own file under another name, so that a runtime takes its room on the disk once. */
export const carriedKind: ResourceKind<CarriedResource> = {
  async differences(carried, machine) {
    const stats = await statOf(machine, carried.path)
    const wanted = carried.sha256.slice(0, 12)
    if (stats === undefined) return [{ aspect: 'content', is: null, wanted }]
    if (!stats.isFile()) return [{ aspect: 'content', is: 'not a plain file', wanted }]
    const is = await sha256Of(join(machine.root, carried.path))
    const ownership = await ownershipDifferences({ ...carried, ...root }, stats, machine)
    if (is === carried.sha256) return ownership
    return [{ aspect: 'content', is: is.slice(0, 12), wanted }, ...ownership]
  },
  async apply(carried, machine) {
    const path = join(machine.root, carried.path)
    const stored = await storedFile(carried, machine)
    const beside = join(dirname(path), `.${path.split('/').at(-1)}.soen-new`)
    await rm(beside, { force: true })
    await setOwnership({ ...carried, ...root }, stored, machine)
    await link(stored, beside).catch(async (error: unknown) => {
      if (!hasErrorCode(error, 'EXDEV')) throw error
      await copyFile(stored, beside)
      await setOwnership({ ...carried, ...root }, beside, machine)
    })
    await rename(beside, path)
    // Renaming one name of a file over another of its names does nothing, and leaves both.
    await rm(beside, { force: true })
  },
}

async function storedFile({ sha256 }: CarriedResource, machine: Machine): Promise<string> {
  const stored = join(machine.root, payloadStore, sha256)
  if ((await statOf(machine, join(payloadStore, sha256)))?.isFile()) {
    if ((await sha256Of(stored)) === sha256) return stored
  }
  throw new Error(`${payloadStore}/${sha256} is not there whole: deploy again, which carries it anew.`)
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash)
  return hash.digest('hex')
}
