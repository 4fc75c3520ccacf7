import { runOrThrow, type Machine } from '../machine/machine.ts'
import { fileKind } from './file.ts'
import {
  differencesOfPart,
  type Difference,
  type FileResource,
  type FirewallResource,
  type ResourceKind,
} from './resource.ts'
import { bootAndStateDifferences, textDifferences, unitFile } from './systemd.ts'

const nft = '/usr/sbin/nft'

/**
 * A table of nftables: the file, the unit that loads it before the network is up, and the rules in the kernel.
 *
 * What the kernel has is compared with what it would have: the file is loaded into an empty network namespace and
 * listed there, so that both are in the kernel's own spelling.
 */
export const firewallKind: ResourceKind<FirewallResource> = {
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
    // It replaces its table in one transaction: nothing is let in meanwhile, and no connection breaks.
    await runOrThrow(machine, 'systemctl', 'restart', unitNameOf(firewall))
  },
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

/** Lines of one text that the other has not. */
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
  const replaced = `table inet ${table}\ndelete table inet ${table}\ntable inet ${table} {\n${rules}}\n`
  return {
    file: {
      ...{ kind: 'file', path: pathOf(table), content: replaced },
      ...{ mode: 0o644, owner: 'root', group: 'root' },
    },
    unit: unitFile(
      unitNameOf({ table }),
      `[Unit]
Description=Packet filter of the SOEN server
DefaultDependencies=no
Wants=network-pre.target
Before=network-pre.target shutdown.target
Conflicts=shutdown.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=${nft} --file ${pathOf(table)}
ExecReload=${nft} --file ${pathOf(table)}

[Install]
WantedBy=sysinit.target
`,
    ),
  }
}
