import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { BlockList, isIP } from 'node:net'
import { dirname, join } from 'node:path'
import { applyPlan } from '../apply-plan.ts'
import { hasErrorCode } from '@soen/mlflow-server'
import { HostError } from '../errors.ts'
import { firewall } from '../firewall.ts'
import { allowListPath, readFacts, type AllowedAddress } from '../machine/facts.ts'
import type { Machine } from '../machine/machine.ts'
import type { ServerTarget } from '../server-target.ts'
import { recordInAudit } from './audit.ts'
import type { AllowRequest } from './protocol.ts'
import { readTarget } from './whole-plan.ts'

/** The list after the change, and whether a door goes by it. */
export interface AllowListReport {
  readonly entries: readonly AllowedAddress[]
  /** Doors that only let in who is listed; the others let everybody in. */
  readonly listedDoors: readonly ('ssh' | 'web')[]
}

/** Shows or changes who may come in, and lets the firewall follow at once. */
export async function changeAllowList(request: AllowRequest, machine: Machine): Promise<AllowListReport> {
  const { add = [], remove, by, version } = request
  const target = request.target ?? (await readTarget(machine))
  const before = await readEntries(machine)
  const after = changed(before, add, remove)
  if (add.length > 0 || remove !== undefined) {
    for (const { network } of add) refuseBadNetwork(network)
    if (remove !== undefined && after.length === before.length) throw notListed(remove)
    if (remove !== undefined) refuseLockingOut(target, after)
    await writeEntries(machine, after)
    await refreshFirewall(machine, target)
    await recordInAudit(machine, { by, version, verb: 'allow-ip', result: 'done' })
  }
  return { entries: after, listedDoors: listedDoors(target) }
}

/**
 * Lets the firewall forget entries whose time is over. The last ones of a restricted SSH door stay: nobody could
 * come in any more to mend it.
 */
export async function expireAllowList(machine: Machine, now: Date = new Date()): Promise<AllowListReport> {
  const target = await readTarget(machine)
  const before = await readEntries(machine)
  const after = before.filter(({ until }) => until === undefined || new Date(until) > now)
  const isShut = listedDoors(target).some((door) => !after.some((entry) => entry.door === door))
  if (after.length === before.length || isShut) return { entries: before, listedDoors: listedDoors(target) }
  await writeEntries(machine, after)
  await refreshFirewall(machine, target)
  return { entries: after, listedDoors: listedDoors(target) }
}

/** Who is added replaces the own earlier entry: the same label at the same door. */
export function changed(
  before: readonly AllowedAddress[],
  add: readonly AllowedAddress[],
  remove?: string,
): readonly AllowedAddress[] {
  const isReplaced = (entry: AllowedAddress): boolean =>
    add.some(({ door, label, network }) =>
      label === undefined
        ? door === entry.door && network === entry.network
        : door === entry.door && label === entry.label,
    )
  const isRemoved = ({ label, network }: AllowedAddress): boolean =>
    remove !== undefined && (label === remove || network === remove)
  return [...before.filter((entry) => !isReplaced(entry) && !isRemoved(entry)), ...add]
}

function listedDoors(target: ServerTarget | undefined): readonly ('ssh' | 'web')[] {
  if (target?.where !== 'ssh') return []
  const { ssh, web } = target.firewall
  return [...(ssh === 'listed' ? (['ssh'] as const) : []), ...(web === 'listed' ? (['web'] as const) : [])]
}

async function refreshFirewall(machine: Machine, target: ServerTarget | undefined): Promise<void> {
  // Before the first deploy there is no firewall yet; the deploy reads the list.
  if (target?.where !== 'ssh' || (await readTarget(machine)) === undefined) return
  for await (const _event of applyPlan(firewall(target, await readFacts(machine)), { machine }));
}

async function readEntries(machine: Machine): Promise<readonly AllowedAddress[]> {
  try {
    const entries: readonly AllowedAddress[] = JSON.parse(
      await readFile(join(machine.root, allowListPath), 'utf8'),
    )
    return entries
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return []
    throw error
  }
}

async function writeEntries(machine: Machine, entries: readonly AllowedAddress[]): Promise<void> {
  const path = join(machine.root, allowListPath)
  await mkdir(dirname(path), { recursive: true, mode: 0o755 })
  await writeFile(`${path}.new`, `${JSON.stringify(entries, undefined, 2)}\n`, { mode: 0o644 })
  await rename(`${path}.new`, path)
}

function refuseBadNetwork(network: string): void {
  const [address = '', bits] = network.split('/')
  try {
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    new BlockList().addSubnet(
      address,
      bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits),
      family,
    )
    if (bits === undefined || /^\d+$/.test(bits)) return
  } catch {
    // Said below.
  }
  throw new HostError(`${network} is not an address or a network.`, {
    code: 'SOEN_NETWORK_INVALID',
    hint: 'Write an address or a network, for instance 192.0.2.7 or 2001:db8::/48, or `me`.',
  })
}

function refuseLockingOut(target: ServerTarget | undefined, entries: readonly AllowedAddress[]): void {
  const shut = listedDoors(target).find((door) => !entries.some((entry) => entry.door === door))
  if (shut === undefined) return
  throw new HostError(`Without that entry nobody could come in by ${shut}.`, {
    code: 'SOEN_ALLOW_LIST_EMPTY',
    hint: 'Add another entry first: soen allow-ip me.',
  })
}

function notListed(what: string): HostError {
  return new HostError(`There is no entry ${what} on the allow list.`, {
    code: 'SOEN_NOT_ON_ALLOW_LIST',
    hint: 'See its labels and networks: soen allow-ip list.',
  })
}
