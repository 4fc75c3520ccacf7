import { runOrThrow, type Machine } from '../machine/machine.ts'
import type { StoredFile } from '../payload.ts'
import { until } from '../until.ts'
import { carriedRepository, removeCarriedRepository } from './carried-packages.ts'
import type { ResourceKind } from './resource-kind.ts'

/** Packages of the distribution, which manages their versions. */
interface PackagesResource {
  readonly kind: 'packages'
  readonly names: readonly string[]
  /**
   * Carried packages, with all their dependencies, to install from; without them the machine's own sources are used.
   */
  readonly carried?: readonly StoredFile[]
}

/** Unattended upgrades may hold the lock for minutes. */
const lockTimeoutMs = 300_000

/** Distribution packages: installed when missing, never upgraded or removed by a plan. */
export const packagesKind: ResourceKind<PackagesResource> = {
  kind: 'packages',
  name: ({ names }) => `packages ${names.join(' ')}`,
  shell: ({ names }) => [
    `DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends ${names.join(' ')}`,
  ],
  async differences({ names }, machine) {
    const installed = await installedOf(names, machine)
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
  async remains({ names }, machine) {
    const installed = await installedOf(names, machine)
    return { goes: [], stays: [...installed].map((name) => ({ what: `package ${name}` })) }
  },
  /** A package may have been there before, or be used by others by now. */
  async remove() {},
}

async function installedOf(names: readonly string[], machine: Machine): Promise<ReadonlySet<string>> {
  const query = ['--show', '--showformat=${Package} ${db:Status-Abbrev}\n', ...names]
  // Unknown packages make its exit code fail; it still lists the others.
  const { stdout } = await machine.run('dpkg-query', query)
  return new Set([...stdout.matchAll(/^(\S+) ii/gm)].map(([, name = '']) => name))
}

/** A killed installation leaves dpkg in an interrupted state; this completes it, and does nothing otherwise. */
async function finishInterrupted(machine: Machine): Promise<void> {
  let said = ''
  const isDone = async (): Promise<true | undefined> => {
    const { code, stderr } = await machine.run('dpkg', ['--configure', '-a'])
    said = stderr.trim()
    if (code === 0) return true
    // Unlike apt-get, dpkg does not wait for the lock: the installer of a killed run may still be at work.
    if (!/lock/.test(said)) throw new Error(said)
    return undefined
  }
  if (!(await until(isDone, { timeoutMs: lockTimeoutMs, everyMs: 1000 }))) throw new Error(said)
}
