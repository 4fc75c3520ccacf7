import { applyPlan } from '../apply-plan.ts'
import { firewall } from '../firewall.ts'
import { allowListPath, readFacts, type AllowedAddress } from '../machine/facts.ts'
import { readText, writeJson, type Machine } from '../machine/machine.ts'
import type { ServerTarget } from '../server-target.ts'
import { readTarget } from './deployed-target.ts'

type Door = AllowedAddress['door']

/** The list after the change, and which doors use it. */
export interface AllowListReport {
  readonly entries: readonly AllowedAddress[]
  /** Doors open only to listed addresses; the others are open to everybody. */
  readonly listedDoors: readonly Door[]
}

/**
 * The list after a change. An added entry replaces the earlier one with the same label, or without a label the same
 * network, at the same door.
 */
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

/** The doors that are open only to listed addresses. */
export function listedDoors(target: ServerTarget | undefined): readonly Door[] {
  if (target?.where !== 'ssh') return []
  const { firewall: doors } = target
  return (['ssh', 'web'] as const).filter((door) => doors[door] === 'listed')
}

/** A door that this list would close to everybody, if there is one. */
export function shutDoor(
  target: ServerTarget | undefined,
  entries: readonly AllowedAddress[],
): Door | undefined {
  return listedDoors(target).find((door) => !entries.some((entry) => entry.door === door))
}

/** The machine's allow list, including expired entries. */
export async function readAllowList(machine: Machine): Promise<readonly AllowedAddress[]> {
  const entries: readonly AllowedAddress[] = JSON.parse((await readText(machine, allowListPath)) ?? '[]')
  return entries
}

/** Writes another list, and updates the firewall at once. */
export async function writeAllowList(
  machine: Machine,
  entries: readonly AllowedAddress[],
  target: ServerTarget | undefined,
): Promise<void> {
  await writeJson(machine, allowListPath, entries, 0o644)
  // Before the first deploy there is no firewall; the deploy reads the list.
  if (target?.where !== 'ssh' || (await readTarget(machine)) === undefined) return
  for await (const _event of applyPlan(firewall(target, await readFacts(machine)), { machine }));
}
