import type { AllowedAddress } from '../../machine/facts.ts'
import { readRecord } from '../../machine/record.ts'
import { readAllowList, shutDoor, writeAllowList } from '../allow-list.ts'
import { changing } from '../changing.ts'
import { readTarget } from '../deployed-target.ts'
import type { Surroundings, Verb } from '../verb.ts'

/** How many entries of the allow list were ended. */
export interface ExpireResult {
  readonly ended: number
}

/** A deploy may be under way when the timer runs; its next run is as far away as this. */
const waitS = 600

/**
 * Lets the firewall forget entries whose time is over. The last ones of a restricted door stay: nobody could come
 * in any more to mend it.
 */
export const expire: Verb<object, ExpireResult> = {
  fields: {},
  async run(_request, around) {
    if ((await endedEntries(around)).ended === 0) return { ended: 0 }
    const version = (await readRecord(around.machine))?.present?.version ?? 'unknown'
    return changing({ verb: 'expire', by: 'soen-allow-list.timer', version, waitS }, around, async () => {
      // Others may have changed the list while this waited for its turn.
      const { ended, left } = await endedEntries(around)
      if (ended > 0) await writeAllowList(around.machine, left, await readTarget(around.machine))
      return { value: { ended }, changes: ended }
    })
  },
}

async function endedEntries({
  machine,
}: Surroundings): Promise<ExpireResult & { readonly left: readonly AllowedAddress[] }> {
  const now = new Date()
  const all = await readAllowList(machine)
  const left = all.filter(({ until }) => until === undefined || new Date(until) > now)
  const isShut = shutDoor(await readTarget(machine), left) !== undefined
  return isShut ? { ended: 0, left: all } : { ended: all.length - left.length, left }
}
