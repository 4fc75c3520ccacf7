import type { Machine } from '../machine/machine.ts'
import { fileKind } from './file.ts'
import type { Difference, FileResource } from './resource.ts'
import { propertiesOf } from './unit-properties.ts'

/** Where a unit of ours stands, with its text. */
export function unitFile(name: string, content: string): FileResource {
  const path = `/etc/systemd/system/${name}`
  return { kind: 'file', path, content, mode: 0o644, owner: 'root', group: 'root' }
}

/** How a unit's file differs; where it does not, whether systemd has read it: its writer may have been killed. */
export async function textDifferences(
  name: string,
  content: string,
  machine: Machine,
): Promise<readonly Difference[]> {
  const differences = await fileKind.differences(unitFile(name, content), machine)
  if (differences.length > 0) return differences
  const { NeedDaemonReload } = await propertiesOf(name, machine, 'NeedDaemonReload')
  if (NeedDaemonReload !== 'yes') return []
  return [{ aspect: 'loaded text', is: 'older than the file', wanted: 'of the file' }]
}

/** What is missing for a unit that starts at boot, and runs. */
export async function bootAndStateDifferences(
  unit: string,
  machine: Machine,
): Promise<readonly Difference[]> {
  const { UnitFileState, ActiveState } = await propertiesOf(unit, machine, 'UnitFileState', 'ActiveState')
  const differences: Difference[] = []
  if (UnitFileState !== 'enabled') {
    differences.push({ aspect: 'start at boot', is: UnitFileState || null, wanted: 'enabled' })
  }
  if (ActiveState !== 'active') {
    differences.push({ aspect: 'state', is: ActiveState || null, wanted: 'active' })
  }
  return differences
}
