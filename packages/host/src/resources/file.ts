import { createHash } from 'node:crypto'
import { open, readFile, rename, rm } from 'node:fs/promises'
import type { Stats } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { runOrThrow, type Machine } from '../machine/machine.ts'
import { ownershipDifferences, setOwnership, statOf } from './ownership.ts'
import { nothing, type Difference, type ResourceKind } from './resource-kind.ts'
import { hereDocument, ownershipLine } from './shell.ts'
import { propertiesOf, startOf } from './unit-properties.ts'

/** A whole file: any other content is replaced by the planned one. */
export interface FileResource {
  readonly kind: 'file'
  readonly path: string
  readonly content: string
  /** Whether the content must never be shown. */
  readonly isSecret?: boolean
  readonly mode: number
  readonly owner: string
  readonly group: string
  /** Units that read the file only at their start: restarted where they started before it was written. */
  readonly readBy?: readonly string[]
}

/** Files: compared by content hash and replaced atomically by rename, so that nobody ever reads half of one. */
export const fileKind: ResourceKind<FileResource> = {
  kind: 'file',
  name: ({ path }) => `file ${path}`,
  shell: ({ path, content, isSecret, ...ownership }) => [
    ...hereDocument(path, isSecret ? 'THE SECRET, WHICH IS NOT PRINTED' : content),
    ownershipLine(path, ownership),
  ],
  forRecord: (file) => ({ ...file, content: '' }),
  async differences(file, machine) {
    const stats = await statOf(machine, file.path)
    const wanted = hashOf(file.content)
    if (stats === undefined) return [{ aspect: 'content', is: null, wanted }]
    if (!stats.isFile()) return [{ aspect: 'content', is: 'not a plain file', wanted }]
    const is = hashOf(await readFile(join(machine.root, file.path)))
    const ownership = await ownershipDifferences(file, stats, machine)
    const content = is === wanted ? [] : [{ aspect: 'content', is, wanted }]
    return [...content, ...ownership, ...(await readerDifferences(file, stats, machine))]
  },
  async apply(file, machine) {
    const path = join(machine.root, file.path)
    const stats = await statOf(machine, file.path)
    if (stats?.isDirectory()) {
      throw new Error(`${file.path} is a folder, and it was not made by us: move it away.`)
    }
    const beside = besideOf(path)
    await rm(beside, { force: true })
    // Readable by nobody else until it has its owner: the content may be for that owner alone.
    const handle = await open(beside, 'wx', 0o600)
    try {
      await handle.writeFile(file.content)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await setOwnership(file, beside, machine)
    await rename(beside, path)
    await restartReaders(file, machine)
  },
  async remains({ path }, machine) {
    return (await statOf(machine, path))?.isFile() ? { goes: [`file ${path}`] } : nothing
  },
  async remove(file, machine) {
    await removeFile(file.path, machine)
    await restartReaders(file, machine)
  },
}

/** Where a file's next content is written. A fixed name, so that a leftover of a killed run is overwritten. */
export function besideOf(path: string): string {
  return join(dirname(path), `.${basename(path)}.soen-new`)
}

/** Removes a file of ours, and any leftover of a killed run beside it. A folder of that name is not ours. */
export async function removeFile(path: string, machine: Machine): Promise<void> {
  for (const it of [path, besideOf(path)]) {
    if (!(await statOf(machine, it))?.isDirectory()) await rm(join(machine.root, it), { force: true })
  }
}

async function restartReaders({ readBy = [] }: FileResource, machine: Machine): Promise<void> {
  for (const unit of readBy) {
    // A unit that comes later in the plan does not exist yet.
    const { LoadState } = await propertiesOf(unit, machine, 'LoadState')
    if (LoadState === 'loaded') await runOrThrow(machine, 'systemctl', 'try-restart', unit)
  }
}

/** The units that read the file and started before it was written. */
async function readerDifferences(
  { readBy = [] }: FileResource,
  { mtimeMs }: Stats,
  machine: Machine,
): Promise<readonly Difference[]> {
  const starts = await Promise.all(readBy.map((unit) => startOf(unit, machine)))
  return readBy
    .filter((_, index) => (starts[index] ?? Infinity) < mtimeMs)
    .map((unit) => ({ aspect: 'reader', is: 'started before', wanted: `${unit} started with it` }))
}

/** Short enough to read, long enough to tell contents apart; the content itself may be secret. */
function hashOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 12)
}
