import { createHash } from 'node:crypto'
import { open, readFile, rename, rm } from 'node:fs/promises'
import type { Stats } from 'node:fs'
import { dirname, join } from 'node:path'
import { runOrThrow, type Machine } from '../machine/machine.ts'
import { ownershipDifferences, setOwnership, statOf } from './ownership.ts'
import type { Difference, FileResource, ResourceKind } from './resource.ts'
import { propertiesOf, startOf } from './unit-properties.ts'

/** Files: compared by content hash, replaced whole by rename, so that nobody ever reads half of one. */
export const fileKind: ResourceKind<FileResource> = {
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
    // A fixed name: what a killed run left behind is overwritten by the next one.
    const beside = join(dirname(path), `.${path.split('/').at(-1)}.soen-new`)
    await rm(beside, { force: true })
    // Closed to everybody until it has its owner: the content may be for that owner's eyes alone.
    const handle = await open(beside, 'wx', 0o600)
    try {
      await handle.writeFile(file.content)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await setOwnership(file, beside, machine)
    await rename(beside, path)
    for (const unit of file.readBy ?? []) {
      // One that the plan makes later is not even known yet.
      const { LoadState } = await propertiesOf(unit, machine, 'LoadState')
      if (LoadState === 'loaded') await runOrThrow(machine, 'systemctl', 'try-restart', unit)
    }
  },
}

/** Which units that read the file started before it was written. */
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

/** Short enough to read, long enough to differ; the content itself may be secret. */
function hashOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 12)
}
