import { setTimeout as sleep } from 'node:timers/promises'
import { runOrThrow, type Machine } from '../machine/machine.ts'
import { carriedRepository, removeCarriedRepository } from './carried-packages.ts'
import type { PackagesResource, ResourceKind } from './resource.ts'

/** Unattended upgrades may hold the lock for minutes. */
const lockTimeoutMs = 300_000

/** Distribution packages: installed when missing, never upgraded or removed by a plan. */
export const packagesKind: ResourceKind<PackagesResource> = {
  async differences({ names }, machine) {
    const query = ['--show', '--showformat=${Package} ${db:Status-Abbrev}\n', ...names]
    // It complains of unknown names by its exit code, and still answers for the others.
    const { stdout } = await machine.run('dpkg-query', query)
    const installed = new Set(
      stdout
        .split('\n')
        .filter((line) => /^\S+ ii/.test(line))
        .map((line) => line.split(' ')[0]),
    )
    return names
      .filter((name) => !installed.has(name))
      .map((name) => ({ aspect: `package ${name}`, is: null, wanted: 'installed' }))
  },
  async apply({ names, carried = [] }, machine) {
    await finishInterrupted(machine)
    const wait = ['-o', `DPkg::Lock::Timeout=${lockTimeoutMs / 1000}`]
    const install = ['install', '--yes', '--no-install-recommends', ...wait, ...names]
    if (carried.length > 0) {
      await runOrThrow(machine, 'apt-get', ...install, ...(await carriedRepository(carried, machine)))
      return removeCarriedRepository(machine)
    }
    const cached = await machine.run('apt-get', [...install, '--no-download'])
    if (cached.code === 0) return
    await runOrThrow(machine, 'apt-get', 'update', ...wait)
    await runOrThrow(machine, 'apt-get', ...install)
  },
}

/** A killed installation leaves dpkg in the middle; this ends it, and does nothing otherwise. */
async function finishInterrupted(machine: Machine): Promise<void> {
  const deadline = performance.now() + lockTimeoutMs
  for (;;) {
    const { code, stderr } = await machine.run('dpkg', ['--configure', '-a'])
    if (code === 0) return
    // Unlike apt-get, dpkg does not wait: the installer of a killed run may still be at work.
    if (!/lock/.test(stderr) || performance.now() > deadline) throw new Error(stderr.trim())
    await sleep(1000)
  }
}
