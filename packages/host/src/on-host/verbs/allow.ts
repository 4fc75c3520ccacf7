import { BlockList, isIP } from 'node:net'
import { HostError } from '../../errors.ts'
import type { AllowedAddress } from '../../machine/facts.ts'
import type { ServerTarget } from '../../server-target.ts'
import {
  changed,
  listedDoors,
  readAllowList,
  shutDoor,
  writeAllowList,
  type AllowListReport,
} from '../allow-list.ts'
import { changing } from '../changing.ts'
import { readTarget } from '../deployed-target.ts'
import type { Changer, Verb } from '../verb.ts'

/** The addresses to add or remove; with neither, the list is only shown. */
export interface AllowRequest extends Changer {
  /** Defaults to the target of the last deploy. */
  readonly target?: ServerTarget | undefined
  readonly add?: readonly AllowedAddress[]
  /** A label or a network. */
  readonly remove?: string
}

/** Shows or changes the addresses that restricted doors let in. */
export const allow: Verb<AllowRequest, AllowListReport> = {
  fields: { by: 'string', version: 'string', target: 'object?', add: 'list?', remove: 'string?' },
  async run({ by, version, target: named, add = [], remove }, around) {
    const { machine } = around
    const target = named ?? (await readTarget(machine))
    const reportOf = (entries: readonly AllowedAddress[]): AllowListReport => ({
      entries,
      listedDoors: listedDoors(target),
    })
    if (add.length === 0 && remove === undefined) return reportOf(await readAllowList(machine))
    for (const { network } of add) refuseBadNetwork(network)
    return changing({ verb: 'allow-ip', by, version }, around, async () => {
      const before = await readAllowList(machine)
      const after = changed(before, add, remove)
      if (remove !== undefined) {
        if (after.length === before.length) throw notListed(remove)
        const shut = shutDoor(target, after)
        if (shut !== undefined) throw lockingOut(shut)
      }
      await writeAllowList(machine, after, target)
      return { value: reportOf(after) }
    })
  },
}

function refuseBadNetwork(network: string): void {
  const [address = '', bits] = network.split('/')
  try {
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    const whole = family === 'ipv6' ? 128 : 32
    new BlockList().addSubnet(address, bits === undefined ? whole : Number(bits), family)
    if (bits === undefined || /^\d+$/.test(bits)) return
  } catch {
    // Reported below.
  }
  throw new HostError(`${network} is not an address or a network.`, {
    code: 'SOEN_NETWORK_INVALID',
    hint: 'Write an address or a network, for instance 192.0.2.7 or 2001:db8::/48, or `me`.',
  })
}

function lockingOut(door: string): HostError {
  return new HostError(`Without that entry nobody could come in by ${door}.`, {
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
