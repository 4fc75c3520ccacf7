import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { runOrThrow } from '../machine/machine.ts'
import { fileKind } from './file.ts'
import { statOf } from './ownership.ts'
import {
  differencesOfPart,
  type ResourceKind,
  type RetiredTriggerResource,
  type TriggerResource,
} from './resource.ts'
import { bootAndStateDifferences, textDifferences, unitFile } from './systemd.ts'

/** Timers and path units: both files, enabled at boot, and waiting. Their service runs when they say so. */
export const triggerKind: ResourceKind<TriggerResource> = {
  async differences(trigger, machine) {
    const service = await textDifferences(serviceOf(trigger), trigger.service, machine)
    return [
      ...(await textDifferences(trigger.name, trigger.content, machine)),
      ...differencesOfPart('service', service),
      ...(await bootAndStateDifferences(trigger.name, machine)),
    ]
  },
  async apply(trigger, machine) {
    await fileKind.apply(unitFile(serviceOf(trigger), trigger.service), machine)
    await fileKind.apply(unitFile(trigger.name, trigger.content), machine)
    await runOrThrow(machine, 'systemctl', 'daemon-reload')
    await runOrThrow(machine, 'systemctl', 'enable', '--quiet', trigger.name)
    await runOrThrow(machine, 'systemctl', 'restart', trigger.name)
  },
}

/** What is no longer wanted: stopped, and both files taken away. */
export const retiredTriggerKind: ResourceKind<RetiredTriggerResource> = {
  async differences(trigger, machine) {
    const stats = await statOf(machine, unitFile(trigger.name, '').path)
    return stats === undefined ? [] : [{ aspect: 'unit', is: 'there', wanted: 'gone' }]
  },
  async apply(trigger, machine) {
    await runOrThrow(machine, 'systemctl', 'disable', '--quiet', '--now', trigger.name)
    for (const name of [serviceOf(trigger), trigger.name]) {
      await rm(join(machine.root, unitFile(name, '').path), { force: true })
    }
    await runOrThrow(machine, 'systemctl', 'daemon-reload')
  },
}

function serviceOf({ name }: Pick<TriggerResource, 'name'>): string {
  return name.replace(/\.(timer|path)$/, '.service')
}
