import { open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { runOrThrow, type Machine } from '../machine/machine.ts'
import { fileKind } from './file.ts'
import { ownershipDifferences, setOwnership, statOf } from './ownership.ts'
import type { Difference, ResourceKind, SwapResource } from './resource.ts'
import { bootAndStateDifferences, textDifferences, unitFile } from './systemd.ts'

const ownership = { mode: 0o600, owner: 'root', group: 'root' }
const blockBytes = 1 << 20

/** Swap files: the file, of its size and for root alone, and the unit that uses it at each boot. */
export const swapKind: ResourceKind<SwapResource> = {
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
}

/** Written out: a file with holes is refused as swap. Moved to its place when it is whole. */
async function makeSwapFile({ path, sizeBytes }: SwapResource, machine: Machine): Promise<void> {
  const beside = join(machine.root, `${path}.soen-new`)
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

/** systemd finds the unit of a swap file by its path, and by no other name. */
async function unitOf(
  { path }: SwapResource,
  machine: Machine,
): Promise<{ readonly name: string; readonly file: ReturnType<typeof unitFile> }> {
  const name = (await runOrThrow(machine, 'systemd-escape', '--path', '--suffix=swap', path)).trim()
  const text = `[Unit]\nDescription=Swap file of the SOEN server\n\n[Swap]\nWhat=${path}\n\n[Install]\nWantedBy=swap.target\n`
  return { name, file: unitFile(name, text) }
}
