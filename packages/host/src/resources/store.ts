import { readdir, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Machine } from '../machine/machine.ts'
import { hashesOf, otherDeploy, readRecord } from '../machine/record.ts'
import { environmentOf } from '../payload.ts'
import { statOf } from './ownership.ts'
import { nothing, type ResourceKind } from './resource-kind.ts'

/** The files that deploys carried to the machine: those of this deploy and of the one to roll back to. */
export interface StoreResource {
  readonly kind: 'store'
  /** Folder of the carried files, each under its hash. */
  readonly path: string
  /** Hashes of the files that this deploy carried. */
  readonly files: readonly string[]
  /** Path of its Python environment; former ones are next to it. */
  readonly environment: string
}

/**
 * Cleans up after earlier deploys: keeps the files of this one and, for a rollback, of the last one that carried
 * something else. Last in a plan, so that nothing is deleted before its replacement is at work.
 */
export const storeKind: ResourceKind<StoreResource> = {
  kind: 'store',
  name: ({ path }) => `store ${path}`,
  shell: () => ['# Nothing to make: a deploy takes away what former ones left.'],
  async differences(store, machine) {
    const { length } = await leftPaths(store, machine)
    if (length === 0) return []
    const is = length === 1 ? '1 file or environment' : `${length} files and environments`
    return [{ aspect: 'what former deploys left', is, wanted: 'gone' }]
  },
  async apply(store, machine) {
    for (const path of await leftPaths(store, machine)) {
      await rm(join(machine.root, path), { recursive: true, force: true })
    }
  },
  async remains(store, machine) {
    return (await statOf(machine, store.path)) === undefined ? nothing : { goes: [storeKind.name(store)] }
  },
  remove: ({ path }, machine) => rm(join(machine.root, path), { recursive: true, force: true }),
}

/** Carried files and environments of deploys that are not kept; anything else there is not ours. */
async function leftPaths(store: StoreResource, machine: Machine): Promise<readonly string[]> {
  const other = otherDeploy(await readRecord(machine), store.files)
  const files = new Set([...store.files, ...(other === undefined ? [] : hashesOf(other))])
  const kept = other === undefined ? [store.environment] : [store.environment, environmentOf(other)]
  const environments = new Set(kept.map((path) => basename(path)))
  const environmentsFolder = dirname(store.environment)
  const stored = await namesIn(store.path, /^[0-9a-f]{64}(\.\d+\.partial)?$/, machine)
  const made = await namesIn(environmentsFolder, /^[0-9a-f]{12}(\.(new|cache|wheels|old))?$/, machine)
  return [
    ...stored.filter((name) => !files.has(name)).map((name) => join(store.path, name)),
    ...made.filter((name) => !environments.has(name)).map((name) => join(environmentsFolder, name)),
  ]
}

/** Files that arrived after this program started belong to a deploy that waits for its turn. */
async function namesIn(folder: string, shape: RegExp, machine: Machine): Promise<readonly string[]> {
  const names: string[] = []
  const stats = await statOf(machine, folder)
  if (stats === undefined) return names
  for (const name of await readdir(join(machine.root, folder))) {
    const found = shape.test(name) ? await statOf(machine, join(folder, name)) : undefined
    if (found !== undefined && found.mtimeMs < performance.timeOrigin) names.push(name)
  }
  return names.toSorted()
}
