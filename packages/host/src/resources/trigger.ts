import { runOrThrow } from '../machine/machine.ts'
import { fileKind } from './file.ts'
import { differencesOfPart, type ResourceKind, type TriggerResource } from './resource.ts'
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

function serviceOf({ name }: TriggerResource): string {
  return name.replace(/\.(timer|path)$/, '.service')
}
