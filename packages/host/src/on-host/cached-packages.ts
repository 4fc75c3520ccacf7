import { copyFile, rename } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Machine } from '../machine/machine.ts'
import { payloadStore, type Payload, type PayloadFile } from '../payload.ts'
import { statOf } from '../resources/ownership.ts'

const aptCache = '/var/cache/apt/archives'

/** A carried package of the distribution, for a machine without internet. */
const isDebianPackage = ({ path }: PayloadFile): boolean => /^packages\/[^/]+\.deb$/.test(path)

/** The payload without the packages of the distribution, which apt finds in its own cache. */
export function withoutDebianPackages(payload: Payload): Payload {
  return { ...payload, files: payload.files.filter((file) => !isDebianPackage(file)) }
}

/** Puts carried packages where apt looks first; it checks them against the lists that it has. */
export async function cacheDebianPackages({ files }: Payload, machine: Machine): Promise<void> {
  for (const { path, sha256 } of files.filter(isDebianPackage)) {
    const place = `${aptCache}/${basename(path)}`
    if ((await statOf(machine, place)) !== undefined) continue
    const beside = join(machine.root, `${place}.soen-new`)
    await copyFile(join(machine.root, payloadStore, sha256), beside)
    await rename(beside, join(machine.root, place))
  }
}
