import type { AllowedAddress } from '../../machine/facts.ts'
import { readRecord } from '../../machine/record.ts'
import { readAllowList, shutDoor, writeAllowList } from '../allow-list.ts'
import { changing } from '../changing.ts'
import { readTarget } from '../deployed-target.ts'
import type { Surroundings, Verb } from '../verb.ts'

/** How many entries of the allow list have expired. */
export interface ExpireResult {
  readonly ended: number
}

/** A deploy may hold the lock when the timer fires; this is as long as the timer's interval. */
const waitS = 600

/**
 * Removes expired entries from the firewall. The last entries of a restricted door stay: otherwise nobody could get
 * in to fix it.
 */
export const expire: Verb<object, ExpireResult> = {
  fields: {},
  async run(_request, around) {
    if ((await endedEntries(around)).ended === 0) return { ended: 0 }
    const version = (await readRecord(around.machine))?.present?.version ?? 'unknown'
    return changing({ verb: 'expire', by: 'soen-allow-list.timer', version, waitS }, around, async () => {
      // The list may have changed while this waited for the lock.
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
