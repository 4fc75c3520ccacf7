import { runOrThrow, type Machine } from '../machine/machine.ts'
import type { Difference, FileResource } from './resource.ts'

/** Where a unit of ours stands, with its text. */
export function unitFile(name: string, content: string): FileResource {
  const path = `/etc/systemd/system/${name}`
  return { kind: 'file', path, content, mode: 0o644, owner: 'root', group: 'root' }
}

/** Properties of a unit as systemd has them now; one that is not known is the empty string. */
export async function propertiesOf(
  unit: string,
  machine: Machine,
  ...names: readonly string[]
): Promise<Readonly<Record<string, string>>> {
  const output = await runOrThrow(machine, 'systemctl', 'show', unit, `--property=${names.join(',')}`)
  return Object.fromEntries(output.split('\n').map((line) => line.split(/=(.*)/s).slice(0, 2)))
}

/** What is missing for a unit that starts at boot, and runs. */
export async function bootAndStateDifferences(
  unit: string,
  machine: Machine,
): Promise<readonly Difference[]> {
  const is = await propertiesOf(unit, machine, 'UnitFileState', 'ActiveState', 'NeedDaemonReload')
  const { UnitFileState, ActiveState, NeedDaemonReload } = is
  const differences: Difference[] = []
  if (NeedDaemonReload === 'yes') {
    differences.push({ aspect: 'loaded text', is: 'older than the file', wanted: 'of the file' })
  }
  if (UnitFileState !== 'enabled') {
    differences.push({ aspect: 'start at boot', is: UnitFileState || null, wanted: 'enabled' })
  }
  if (ActiveState !== 'active') {
    differences.push({ aspect: 'state', is: ActiveState || null, wanted: 'active' })
  }
  return differences
}

/** When a unit started, in milliseconds since 1970; null when it does not run. */
export async function startOf(unit: string, machine: Machine): Promise<number | null> {
  const asked = ['ActiveState', 'ActiveEnterTimestampMonotonic']
  const { ActiveState, ActiveEnterTimestampMonotonic } = await propertiesOf(unit, machine, ...asked)
  if (ActiveState !== 'active') return null
  // systemd counts in microseconds of the monotonic clock, which is Node's too.
  const agoMs = Number(process.hrtime.bigint() / 1_000_000n) - Number(ActiveEnterTimestampMonotonic) / 1000
  return Date.now() - agoMs
}
