import type { AllowedAddress } from '@soen/host'
import { CliError } from '../errors.ts'
import { shownTime } from '../output/shown-time.ts'
import { tableLines } from '../output/table.ts'
import type { Terminal } from '../output/terminal.ts'
import { callHost } from '../roads/call-host.ts'
import { findServer } from '../roads/find-place.ts'
import type { Road } from '../roads/road.ts'
import { whoWeAre } from '../system-user.ts'
import { version } from '../version.ts'
import { bringPrograms } from './bring-programs.ts'
import type { ServerOptions } from './server-options.ts'

/** The options of `soen allow-ip`. */
export interface AllowIpOptions extends ServerOptions {
  /** For instance `30d`. */
  readonly for?: string
  readonly label?: string
  readonly door: 'ssh' | 'web' | 'both'
  readonly dryRun?: boolean
}

/** Shows or changes the addresses that restricted doors let in: `me`, a network, `list` or `remove WHAT`. */
export async function changeAllowList(
  who: string,
  what: string | undefined,
  options: AllowIpOptions,
  terminal: Terminal,
): Promise<void> {
  if (who === 'remove' && what === undefined) throw nothingNamed()
  const server = await findServer(options)
  await using road = await server.open(options, terminal)
  const isReading = who === 'list'
  const add = isReading || who === 'remove' ? [] : await entriesOf(who, options, road)
  if (options.dryRun) return show(add, [], options, terminal)
  // Works before the first deploy, too: whoever restricts a door must be on the list by then.
  await using brought = await bringPrograms(road, { isLookingOnly: true }, terminal)
  const report = await callHost(road, brought.program, {
    verb: 'allow',
    target: server.target,
    by: whoWeAre(),
    version,
    add,
    ...(who === 'remove' && what !== undefined && { remove: what }),
  })
  show(report.entries, report.listedDoors, options, terminal)
}

async function entriesOf(
  who: string,
  options: AllowIpOptions,
  road: Road,
): Promise<readonly AllowedAddress[]> {
  const label = options.label ?? (who === 'me' ? whoWeAre() : undefined)
  const until =
    options.for === undefined ? undefined : new Date(Date.now() + spanMs(options.for)).toISOString()
  const network = who === 'me' ? await ownAddress(road, options) : who
  const doors = options.door === 'both' ? (['ssh', 'web'] as const) : [options.door]
  const terms = { network, ...(label !== undefined && { label }), ...(until !== undefined && { until }) }
  return doors.map((door) => Object.assign({ door }, terms))
}

/** As the machine sees it, whatever is in between. */
async function ownAddress(road: Road, { door }: AllowIpOptions): Promise<string> {
  const { network, isOfJumpHost } = await road.ownAddress()
  if (!isOfJumpHost || door === 'ssh') return network
  throw new CliError(
    'Through a jump host the machine sees that host, not you: it is no address for the web.',
    {
      code: 'SOEN_OWN_ADDRESS_UNKNOWN',
      hint: 'For SSH: soen allow-ip me --door ssh. For the web, name the address that your browser comes from.',
    },
  )
}

const unitsMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

/** Parses `30m`, `12h`, `30d` or `2w` to milliseconds. */
function spanMs(text: string): number {
  const [, count, unit = ''] = /^([1-9]\d*)([mhdw])$/.exec(text) ?? []
  const ms = unitsMs[unit]
  if (count !== undefined && ms !== undefined) return Number(count) * ms
  throw new CliError(`${text} is no time span.`, {
    code: 'SOEN_TIME_SPAN_INVALID',
    hint: 'Write a number and m, h, d or w, for instance --for 30d.',
  })
}

function show(
  entries: readonly AllowedAddress[],
  listedDoors: readonly string[],
  { json, dryRun }: AllowIpOptions,
  terminal: Terminal,
): void {
  if (json) return terminal.json({ entries, listedDoors })
  const rows = entries.map(({ door, network, label = '', until = 'for good' }) => [
    door,
    network,
    label,
    shownTime(until),
  ])
  for (const line of tableLines(['DOOR', 'NETWORK', 'LABEL', 'UNTIL'], rows)) terminal.result(line)
  if (rows.length === 0) terminal.note('Nobody is on the list.')
  if (dryRun) return terminal.note('Nothing was changed.')
  for (const door of ['ssh', 'web']) {
    if (!listedDoors.includes(door)) {
      terminal.note(`${door} is open to everybody: restrict it by \`firewall.${door}: listed\` in soen.yaml.`)
    }
  }
}

function nothingNamed(): CliError {
  return new CliError('Nothing was named to be removed.', {
    code: 'SOEN_NOT_ON_ALLOW_LIST',
    hint: 'Name a label or a network: soen allow-ip remove LABEL',
  })
}
