import { createHash } from 'node:crypto'
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { hasErrorCode } from '@soen/mlflow-server'
import type { Machine } from '../machine/machine.ts'
import { statOf } from './ownership.ts'
import { nothing, type Difference, type ResourceKind } from './resource-kind.ts'

/** What deploys carried to the machine: of this one and of the one before, and of no other. */
export interface StoreResource {
  readonly kind: 'store'
  /** Folder of the carried files, each under its hash; the record of the two deploys lies beside it. */
  readonly path: string
  /** Hashes of what this deploy carried. */
  readonly files: readonly string[]
  /** Path of its Python environment; former ones are its neighbours. */
  readonly environment: string
}

/**
 * What deploys leave behind: that of this one and of the one before stays, for the way back. Last in a plan, so
 * that nothing goes before what takes its place is at work.
 */
export const storeKind: ResourceKind<StoreResource> = {
  kind: 'store',
  name: ({ path }) => `store ${path}`,
  shell: () => ['# Nothing to make: a deploy takes away what former ones left.'],
  async differences(store, machine) {
    const wanted = carriedBy(store)
    const record = await readRecord(store, machine)
    const former = await formerPaths(store, machine)
    return [...recordDifferences(record?.present, wanted), ...formerDifferences(former)]
  },
  async apply(store, machine) {
    // Before anything goes: whoever is killed in between goes on from the record.
    const path = join(machine.root, recordPath(store))
    await writeFile(`${path}.new`, `${JSON.stringify(await nextRecord(store, machine), undefined, 2)}\n`)
    await rename(`${path}.new`, path)
    for (const former of await formerPaths(store, machine)) {
      await rm(join(machine.root, former), { recursive: true, force: true })
    }
  },
  async remains(store, machine) {
    return (await statOf(machine, store.path)) === undefined ? nothing : { goes: [storeKind.name(store)] }
  },
  remove: ({ path }, machine) => rm(join(machine.root, path), { recursive: true, force: true }),
}

/** What one deploy carried, and what it made of it. */
interface Carried {
  readonly files: readonly string[]
  /** Name of its Python environment. */
  readonly environment: string
}

/** Which deploys the machine knows. */
interface StoreRecord {
  readonly present: Carried
  /** The last one that carried something else. */
  readonly previous: Carried | null
}

function carriedBy({ files, environment }: StoreResource): Carried {
  return { files: files.toSorted(), environment: basename(environment) }
}

const recordPath = ({ path }: StoreResource): string => `${path}.json`

async function readRecord(store: StoreResource, machine: Machine): Promise<StoreRecord | undefined> {
  try {
    const record: StoreRecord = JSON.parse(await readFile(join(machine.root, recordPath(store)), 'utf8'))
    return record
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT') || error instanceof SyntaxError) return undefined
    throw error
  }
}

async function nextRecord(store: StoreResource, machine: Machine): Promise<StoreRecord> {
  const present = carriedBy(store)
  const record = await readRecord(store, machine)
  if (record === undefined) return { present, previous: null }
  return nameOfCarried(record.present) === nameOfCarried(present)
    ? record
    : { present, previous: record.present }
}

/** Carried files and environments of neither this deploy nor the one before; what else lies there is not ours. */
async function formerPaths(store: StoreResource, machine: Machine): Promise<readonly string[]> {
  const { present, previous } = await nextRecord(store, machine)
  const files = new Set([...present.files, ...(previous?.files ?? [])])
  const environments = new Set([present.environment, previous?.environment])
  const environmentsFolder = dirname(store.environment)
  const [stored, made] = await Promise.all([
    namesIn(store.path, /^[0-9a-f]{64}(\.\d+\.partial)?$/, machine),
    namesIn(environmentsFolder, /^[0-9a-f]{12}(\.(new|cache|wheels|old))?$/, machine),
  ])
  return [
    ...stored.filter((name) => !files.has(name)).map((name) => join(store.path, name)),
    ...made.filter((name) => !environments.has(name)).map((name) => join(environmentsFolder, name)),
  ]
}

/** What came while this program runs belongs to a deploy that waits for its turn. */
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

function recordDifferences(is: Carried | undefined, wanted: Carried): readonly Difference[] {
  const names = { is: is === undefined ? null : nameOfCarried(is), wanted: nameOfCarried(wanted) }
  return names.is === names.wanted ? [] : [{ aspect: 'record', ...names }]
}

function formerDifferences(paths: readonly string[]): readonly Difference[] {
  if (paths.length === 0) return []
  const count = paths.length === 1 ? '1 file or environment' : `${paths.length} files and environments`
  return [{ aspect: 'what former deploys left', is: count, wanted: 'gone' }]
}

function nameOfCarried(carried: Carried): string {
  return createHash('sha256').update(JSON.stringify(carried)).digest('hex').slice(0, 12)
}
