import { runOrThrow, type Machine } from '../machine/machine.ts'
import { hardening } from '../hardening.ts'
import { systemdUnit } from '../systemd-unit.ts'
import { fileKind, type FileResource } from './file.ts'
import { statOf } from './ownership.ts'
import { differencesOfPart, nothing, type Difference, type ResourceKind } from './resource-kind.ts'
import { hereDocument, startLines, unitLines } from './shell.ts'
import { bootAndStateDifferences, removeUnits, textDifferences, unitFile } from './systemd.ts'

/** A table of the packet filter, loaded now and at each boot; other tables are left alone. */
interface FirewallResource {
  readonly kind: 'firewall'
  /** Name of the table in the family `inet`, and of its unit. */
  readonly table: string
  /** The text between the table's braces. */
  readonly rules: string
}

const nft = '/usr/sbin/nft'

/**
 * A table of nftables: the file, the unit that loads it before the network is up, and the rules in the kernel.
 *
 * To compare the kernel's rules with the planned ones, the file is loaded into an empty network namespace and listed
 * there, so that both are in the kernel's own spelling.
 */
export const firewallKind: ResourceKind<FirewallResource> = {
  kind: 'firewall',
  name: ({ table }) => `firewall ${table}`,
  shell: (firewall) => {
    const { file, unit } = filesOf(firewall)
    return [
      ...hereDocument(file.path, file.content),
      ...unitLines(unitNameOf(firewall), unit.content),
      ...startLines(unitNameOf(firewall)),
    ]
  },
  async differences(firewall, machine) {
    const { file, unit } = filesOf(firewall)
    const text = await fileKind.differences(file, machine)
    const own = await textDifferences(unitNameOf(firewall), unit.content, machine)
    const state = await bootAndStateDifferences(unitNameOf(firewall), machine)
    const rules = text.length > 0 ? [] : await ruleDifferences(firewall, machine)
    return [...text, ...differencesOfPart('unit', own), ...state, ...rules]
  },
  async apply(firewall, machine) {
    const { file, unit } = filesOf(firewall)
    await fileKind.apply(file, machine)
    await fileKind.apply(unit, machine)
    await runOrThrow(machine, 'systemctl', 'daemon-reload')
    await runOrThrow(machine, 'systemctl', 'enable', '--quiet', unitNameOf(firewall))
    // The table is replaced in one transaction: nothing gets in meanwhile, and no connection breaks.
    await runOrThrow(machine, 'systemctl', 'restart', unitNameOf(firewall))
  },
  async remains(firewall, machine) {
    const { file, unit } = filesOf(firewall)
    const stats = await Promise.all([file, unit].map(({ path }) => statOf(machine, path)))
    const isThere = stats.some((it) => it !== undefined) || (await isLoaded(firewall, machine))
    return isThere ? { goes: [firewallKind.name(firewall)] } : nothing
  },
  async remove(firewall, machine) {
    await removeUnits([unitNameOf(firewall)], machine)
    await fileKind.remove(filesOf(firewall).file, machine)
    if (await isLoaded(firewall, machine)) {
      await runOrThrow(machine, nft, 'delete', 'table', 'inet', firewall.table)
    }
  },
}

async function isLoaded({ table }: FirewallResource, machine: Machine): Promise<boolean> {
  return (await machine.run(nft, ['list', 'table', 'inet', table])).code === 0
}

async function ruleDifferences(
  { table }: FirewallResource,
  machine: Machine,
): Promise<readonly Difference[]> {
  const list = `${nft} --stateless list table inet ${table}`
  const script = `${nft} --file ${pathOf(table)} && ${list}`
  const wanted = await runOrThrow(machine, 'unshare', '--net', 'sh', '-c', script)
  const live = await machine.run('sh', ['-c', list])
  if (live.code !== 0) return [{ aspect: 'rules', is: null, wanted: 'loaded' }]
  if (live.stdout === wanted) return []
  const [extra, missing] = [linesMissing(live.stdout, wanted), linesMissing(wanted, live.stdout)]
  return [{ aspect: 'rules', is: extra || 'less than planned', wanted: missing || 'no more than planned' }]
}

/** Lines of one text that the other lacks. */
function linesMissing(text: string, other: string): string {
  const known = new Set(other.split('\n'))
  return text
    .split('\n')
    .filter((line) => !known.has(line))
    .map((line) => line.trim())
    .join('; ')
}

const pathOf = (table: string): string => `/etc/soen/${table}.nft`
const unitNameOf = ({ table }: Pick<FirewallResource, 'table'>): string => `${table}-firewall.service`

function filesOf({ table, rules }: FirewallResource): { file: FileResource; unit: FileResource } {
  const load = [nft, '--file', pathOf(table)]
  const unit = systemdUnit({
    Unit: {
      Description: 'Packet filter of the SOEN server',
      DefaultDependencies: false,
      Wants: 'network-pre.target',
      Before: 'network-pre.target shutdown.target',
      Conflicts: 'shutdown.target',
    },
    Service: {
      Type: 'oneshot',
      RemainAfterExit: true,
      ExecStart: [load],
      ExecReload: [load],
      ...hardening,
      // The unit starts before the machine has its temporary folders.
      PrivateTmp: undefined,
      CapabilityBoundingSet: 'CAP_NET_ADMIN',
    },
    Install: { WantedBy: 'sysinit.target' },
  })
  return {
    file: {
      kind: 'file',
      path: pathOf(table),
      content: `table inet ${table}\ndelete table inet ${table}\ntable inet ${table} {\n${rules}}\n`,
      mode: 0o644,
      owner: 'root',
      group: 'root',
    },
    unit: unitFile(unitNameOf({ table }), unit),
  }
}
