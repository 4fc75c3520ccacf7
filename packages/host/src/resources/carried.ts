import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { copyFile, link, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { hasErrorCode } from '@soen/mlflow-server'
import type { Machine } from '../machine/machine.ts'
import { payloadStore } from '../payload.ts'
import { besideOf, removeFile } from './file.ts'
import { octal, ownershipDifferences, setOwnership, statOf } from './ownership.ts'
import { nothing, type ResourceKind } from './resource-kind.ts'

/** A file that the deploy carried to the machine, where it is stored under its hash. */
interface CarriedResource {
  readonly kind: 'carried'
  readonly path: string
  /** SHA-256 of the content, in hex. */
  readonly sha256: string
  readonly mode: number
}

const root = { owner: 'root', group: 'root' }

/** Carried files: hard links to the store, so that a runtime takes its disk space once. */
export const carriedKind: ResourceKind<CarriedResource> = {
  kind: 'carried',
  name: ({ path }) => `file ${path}`,
  shell: ({ path, sha256, mode }) => [`install -m ${octal(mode)} ${payloadStore}/${sha256} ${path}`],
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
    const beside = besideOf(path)
    await rm(beside, { force: true })
    await setOwnership({ ...carried, ...root }, stored, machine)
    await link(stored, beside).catch(async (error: unknown) => {
      if (!hasErrorCode(error, 'EXDEV')) throw error
      await copyFile(stored, beside)
      await setOwnership({ ...carried, ...root }, beside, machine)
    })
    await rename(beside, path)
    // Renaming a hard link over another link to the same file does nothing and leaves both.
    await rm(beside, { force: true })
  },
  async remains({ path }, machine) {
    return (await statOf(machine, path))?.isFile() ? { goes: [`file ${path}`] } : nothing
  },
  remove: ({ path }, machine) => removeFile(path, machine),
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
