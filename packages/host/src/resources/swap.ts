import { open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { runOrThrow, type Machine } from '../machine/machine.ts'
import { systemdUnit } from '../systemd-unit.ts'
import { fileKind, type FileResource } from './file.ts'
import { ownershipDifferences, setOwnership, statOf } from './ownership.ts'
import { nothing, type Difference, type ResourceKind } from './resource-kind.ts'
import { bootAndStateDifferences, removeUnits, textDifferences, unitFile } from './systemd.ts'

/** A swap file. */
interface SwapResource {
  readonly kind: 'swap'
  readonly path: string
  readonly sizeBytes: number
}

const ownership = { mode: 0o600, owner: 'root', group: 'root' }
const blockBytes = 1 << 20

/** Swap files: the file, with its size and mode, and the unit that activates it at each boot. */
export const swapKind: ResourceKind<SwapResource> = {
  kind: 'swap',
  name: ({ path }) => `swap ${path}`,
  shell: ({ path, sizeBytes }) => [
    `fallocate -l ${sizeBytes} ${path} && chmod 600 ${path} && mkswap ${path} && swapon ${path}`,
  ],
  async differences(swap, machine) {
    const unit = await unitOf(swap, machine)
    const stats = await statOf(machine, swap.path)
    const wanted = String(swap.sizeBytes)
    if (stats === undefined) return [{ aspect: 'size', is: null, wanted }]
    const size: Difference[] =
      stats.size === swap.sizeBytes ? [] : [{ aspect: 'size', is: String(stats.size), wanted }]
    return [
      ...size,
      ...(await ownershipDifferences(ownership, stats, machine)),
      ...(await textDifferences(unit.name, unit.file.content, machine)),
      ...(await bootAndStateDifferences(unit.name, machine)),
    ]
  },
  async apply(swap, machine) {
    const unit = await unitOf(swap, machine)
    const stats = await statOf(machine, swap.path)
    if (stats?.size !== swap.sizeBytes) {
      await machine.run('swapoff', [swap.path])
      await makeSwapFile(swap, machine)
    }
    await setOwnership(ownership, join(machine.root, swap.path), machine)
    await fileKind.apply(unit.file, machine)
    await runOrThrow(machine, 'systemctl', 'daemon-reload')
    await runOrThrow(machine, 'systemctl', 'enable', '--quiet', '--now', unit.name)
  },
  async remains(swap, machine) {
    const unit = await unitOf(swap, machine)
    const stats = await Promise.all([swap.path, unit.file.path].map((path) => statOf(machine, path)))
    return stats.some((it) => it !== undefined) ? { goes: [swapKind.name(swap)] } : nothing
  },
  async remove(swap, machine) {
    await removeUnits([(await unitOf(swap, machine)).name], machine)
    // It may be in use without the unit.
    await machine.run('swapoff', [swap.path])
    for (const path of [swap.path, besideOf(swap)]) await rm(join(machine.root, path), { force: true })
  },
}

/** Written in full, because a sparse file is refused as swap. Moved to its place when complete. */
async function makeSwapFile(swap: SwapResource, machine: Machine): Promise<void> {
  const { path, sizeBytes } = swap
  const beside = join(machine.root, besideOf(swap))
  await rm(beside, { force: true })
  const handle = await open(beside, 'wx', ownership.mode)
  try {
    const block = Buffer.alloc(blockBytes)
    for (let written = 0; written < sizeBytes; written += blockBytes) {
      await handle.write(block, 0, Math.min(blockBytes, sizeBytes - written))
    }
    await handle.sync()
  } finally {
    await handle.close()
  }
  await runOrThrow(machine, 'mkswap', beside)
  await rename(beside, join(machine.root, path))
}

const besideOf = ({ path }: SwapResource): string => `${path}.soen-new`

/** systemd requires that the unit of a swap file is named after its path. */
async function unitOf(
  { path }: SwapResource,
  machine: Machine,
): Promise<{ readonly name: string; readonly file: FileResource }> {
  const name = (await runOrThrow(machine, 'systemd-escape', '--path', '--suffix=swap', path)).trim()
  const text = systemdUnit({
    Unit: { Description: 'Swap file of the SOEN server' },
    Swap: { What: path },
    Install: { WantedBy: 'swap.target' },
  })
  return { name, file: unitFile(name, text) }
}
