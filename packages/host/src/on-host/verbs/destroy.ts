import { HostError } from '../../errors.ts'
import type { Machine } from '../../machine/machine.ts'
import type { Remains } from '../../resources/resource-kind.ts'
import { nameOf, remainsOf, removeResource, type Resource } from '../../resources/resource.ts'
import { appliedPlan } from '../applied-plan.ts'
import { changing } from '../changing.ts'
import type { Changer, Verb } from '../verb.ts'

/** By whom the server is removed from its machine. */
export interface DestroyRequest extends Changer {
  readonly isDryRun: boolean
}

/** What was removed, and what stayed. */
export interface DestroyReport {
  readonly removed: readonly string[]
  readonly kept: readonly string[]
  /** The commands that remove what stayed, for good. */
  readonly removeData: readonly string[]
}

/** Removes what deploys made, in reverse order. Data stays: runs, databases, certificates, accounts, packages. */
export const destroy: Verb<DestroyRequest, DestroyReport> = {
  fields: { by: 'string', version: 'string', isDryRun: 'boolean' },
  async run({ by, version, isDryRun }, around) {
    const { machine, say } = around
    if (isDryRun) return reportOf(await remainsOfAll(machine))
    return changing({ verb: 'destroy', by, version }, around, async () => {
      const all = await remainsOfAll(machine)
      for (const [resource, { goes }] of all) {
        if (goes.length > 0) say({ type: 'note', message: `Removing ${goes.join(', ')}` })
        await remove(resource, machine)
      }
      const value = reportOf(all)
      return { value, changes: value.removed.length }
    })
  },
}

type ResourceRemains = readonly [Resource, Remains]

/** Each resource with what the machine still has of it, in the order of removal. */
async function remainsOfAll(machine: Machine): Promise<readonly ResourceRemains[]> {
  const going = new Set<string>()
  const all: ResourceRemains[] = []
  for (const resource of (await appliedPlan(machine)).toReversed()) {
    const remains = await remainsOf(resource, machine, going)
    if ('path' in resource && remains.goes.length > 0) going.add(resource.path)
    all.push([resource, remains])
  }
  return all
}

async function remove(resource: Resource, machine: Machine): Promise<void> {
  try {
    await removeResource(resource, machine)
  } catch (cause) {
    throw new HostError(`${nameOf(resource)} could not be taken away.`, {
      code: 'SOEN_RESOURCE_FAILED',
      hint: 'Mend what it names on the machine and run soen destroy again: it goes on where it stopped.',
      cause,
    })
  }
}

function reportOf(all: readonly ResourceRemains[]): DestroyReport {
  const kept = all.flatMap(([, { stays = [] }]) => stays)
  return {
    // Two resources may have made the same thing: one from earlier settings, one from the present ones.
    removed: [...new Set(all.flatMap(([, { goes }]) => goes))],
    kept: kept.map(({ what }) => what),
    removeData: kept.flatMap(({ removedBy }) => (removedBy === undefined ? [] : [removedBy])),
  }
}
