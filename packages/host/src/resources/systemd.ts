import { runOrThrow, type Machine } from '../machine/machine.ts'
import { fileKind, removeFile, type FileResource } from './file.ts'
import { statOf } from './ownership.ts'
import type { Difference } from './resource-kind.ts'
import { propertiesOf } from './unit-properties.ts'

/** The file of a unit of ours. */
export function unitFile(name: string, content: string): FileResource {
  const path = `/etc/systemd/system/${name}`
  return { kind: 'file', path, content, mode: 0o644, owner: 'root', group: 'root' }
}

/**
 * How a unit's file differs; if it does not, whether systemd has read it, since its writer may have been killed
 * before.
 */
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

/** What is missing for a unit to start at boot and to be running. */
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

/** Those of these units that have a file of their own. */
export async function unitsThere(names: readonly string[], machine: Machine): Promise<readonly string[]> {
  const stats = await Promise.all(names.map((name) => statOf(machine, unitFile(name, '').path)))
  return names.filter((_, index) => stats[index] !== undefined)
}

/** Stops units, removes their files, and makes systemd forget them. */
export async function removeUnits(names: readonly string[], machine: Machine): Promise<void> {
  const there = await unitsThere(names, machine)
  if (there.length === 0) return
  await runOrThrow(machine, 'systemctl', 'disable', '--quiet', '--now', ...there)
  for (const name of there) await removeFile(unitFile(name, '').path, machine)
  await runOrThrow(machine, 'systemctl', 'daemon-reload')
  // A failed unit would otherwise be listed until the next boot.
  for (const name of there) await machine.run('systemctl', ['reset-failed', name])
}
