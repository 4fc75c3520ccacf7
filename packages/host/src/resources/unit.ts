import { readText, runOrThrow, type Machine } from '../machine/machine.ts'
import { fileKind, type FileResource } from './file.ts'
import { nothing, type ResourceKind } from './resource-kind.ts'
import { startLines, unitLines } from './shell.ts'
import { bootAndStateDifferences, removeUnits, textDifferences, unitFile } from './systemd.ts'

/** A systemd unit of ours: its file, enabled at boot, running, and started with the planned inputs. */
export interface UnitResource {
  readonly kind: 'unit'
  /** For instance `soen-mlflow.service`. */
  readonly name: string
  /** The unit's text, with `Type=exec` or `Type=notify`. */
  readonly content: string
  /**
   * Stands for everything that the program reads at its start: a change of it restarts the unit. It is written into
   * the unit's text, see `unitText`.
   */
  readonly inputs: string
}
import { lastWords, propertiesOf } from './unit-properties.ts'

/**
 * systemd units: the file, enabled at boot, running, and running with the planned inputs.
 *
 * Those inputs are read from the environment of the running unit, not from a record of ours: if a provisioner was
 * killed between writing a file and restarting the unit, the next one notices.
 */
export const unitKind: ResourceKind<UnitResource> = {
  kind: 'unit',
  name: ({ name }) => `unit ${name}`,
  shell: (unit) => [...unitLines(unit.name, unitText(unit)), ...startLines(unit.name)],
  async differences(unit, machine) {
    const text = await textDifferences(unit.name, unitText(unit), machine)
    const state = await bootAndStateDifferences(unit.name, machine)
    if (state.some(({ aspect }) => aspect === 'state')) return [...text, ...state]
    const inputs = await runningInputs(unit.name, machine)
    const stale = inputs === unit.inputs ? [] : [{ aspect: 'inputs', is: inputs, wanted: unit.inputs }]
    return [...text, ...state, ...stale]
  },
  async apply(unit, machine) {
    await fileKind.apply(fileOf(unit), machine)
    await runOrThrow(machine, 'systemctl', 'daemon-reload')
    await runOrThrow(machine, 'systemctl', 'enable', '--quiet', unit.name)
    const isStale = (await runningInputs(unit.name, machine)) !== unit.inputs
    const { ActiveState } = await propertiesOf(unit.name, machine, 'ActiveState')
    if (!isStale && ActiveState === 'active') return
    const { code } = await machine.run('systemctl', ['restart', unit.name])
    if (code !== 0) throw new Error(`${unit.name} does not start. ${await lastWords(unit.name, machine)}`)
  },
  async remains({ name }, machine) {
    return (await isOurs(name, machine)) ? { goes: [`unit ${name}`] } : nothing
  },
  async remove({ name }, machine) {
    if (await isOurs(name, machine)) await removeUnits([name], machine)
  },
}

/**
 * The unit's text with the mark that identifies a running one.
 *
 * @throws Error for a unit that counts as started before its program runs (systemd's default, `Type=simple`)
 */
export function unitText({ content, inputs }: Pick<UnitResource, 'content' | 'inputs'>): string {
  if (!/^Type=(exec|notify|notify-reload|oneshot)$/m.test(content)) {
    throw new Error('A unit of ours says Type=exec or Type=notify: else nobody knows when its program runs.')
  }
  return content.replace(/^\[Service\]$/m, `[Service]\nEnvironment=${mark}=${inputs}`)
}

const mark = 'SOEN_UNIT_INPUTS'

function fileOf(unit: UnitResource): FileResource {
  return unitFile(unit.name, unitText(unit))
}

/** A unit of that name that somebody else wrote lacks the mark. */
async function isOurs(name: string, machine: Machine): Promise<boolean> {
  const text = await readText(machine, unitFile(name, '').path)
  return text?.includes(`=${mark}=`) ?? false
}

/** The mark in the environment of the unit's main process; null where none is running. */
async function runningInputs(name: string, machine: Machine): Promise<string | null> {
  const { MainPID: pid = '0' } = await propertiesOf(name, machine, 'MainPID')
  if (pid === '0') return null
  const { stdout } = await machine.run('cat', [`/proc/${pid}/environ`])
  const entry = stdout.split('\0').find((it) => it.startsWith(`${mark}=`))
  return entry?.slice(mark.length + 1) ?? null
}
