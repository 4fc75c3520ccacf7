import { runOrThrow, type Machine } from '../machine/machine.ts'
import { fileKind } from './file.ts'
import type { Difference, FileResource, ResourceKind, UnitResource } from './resource.ts'

const propertiesAsked = ['LoadState', 'UnitFileState', 'ActiveState', 'NeedDaemonReload', 'Environment']

/**
 * systemd units: the file, enabled at boot, running, and running with the planned inputs.
 *
 * What the program was started with stands in the running unit's own environment, not in a note of ours: a
 * provisioner that was killed between writing a file and restarting the unit is seen by the next one.
 */
export const unitKind: ResourceKind<UnitResource> = {
  async differences(unit, machine) {
    const text = await fileKind.differences(unitFile(unit), machine)
    const is = await propertiesOf(unit.name, machine)
    const state: Difference[] = []
    if (is['UnitFileState'] !== 'enabled') {
      state.push({ aspect: 'start at boot', is: is['UnitFileState'] || null, wanted: 'enabled' })
    }
    if (is['ActiveState'] !== 'active') {
      state.push({ aspect: 'state', is: is['ActiveState'] || null, wanted: 'active' })
    } else {
      const inputs = await runningInputs(unit.name, machine)
      if (inputs !== unit.inputs) state.push({ aspect: 'inputs', is: inputs, wanted: unit.inputs })
    }
    return [...text, ...state]
  },
  async apply(unit, machine) {
    await fileKind.apply(unitFile(unit), machine)
    await runOrThrow(machine, 'systemctl', 'daemon-reload')
    await runOrThrow(machine, 'systemctl', 'enable', '--quiet', unit.name)
    const isStale = (await runningInputs(unit.name, machine)) !== unit.inputs
    const { ActiveState } = await propertiesOf(unit.name, machine)
    if (isStale || ActiveState !== 'active') await runOrThrow(machine, 'systemctl', 'restart', unit.name)
  },
}

/**
 * The unit's text with the mark by which a running one is known.
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

function unitFile(unit: UnitResource): FileResource {
  return {
    kind: 'file',
    path: `/etc/systemd/system/${unit.name}`,
    content: unitText(unit),
    mode: 0o644,
    owner: 'root',
    group: 'root',
  }
}

async function propertiesOf(name: string, machine: Machine): Promise<Readonly<Record<string, string>>> {
  const output = await runOrThrow(
    machine,
    'systemctl',
    'show',
    name,
    `--property=${propertiesAsked.join(',')}`,
  )
  return Object.fromEntries(output.split('\n').map((line) => line.split(/=(.*)/s).slice(0, 2)))
}

/** The mark in the environment of the unit's main process; nothing where none runs. */
async function runningInputs(name: string, machine: Machine): Promise<string | null> {
  const pid = (await runOrThrow(machine, 'systemctl', 'show', name, '--property=MainPID', '--value')).trim()
  if (pid === '0' || pid === '') return null
  const { stdout } = await machine.run('cat', [`/proc/${pid}/environ`])
  const entry = stdout.split('\0').find((it) => it.startsWith(`${mark}=`))
  return entry?.slice(mark.length + 1) ?? null
}
