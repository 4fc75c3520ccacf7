import { runOrThrow } from '../machine/machine.ts'
import { fileKind } from './file.ts'
import { differencesOfPart, type ResourceKind } from './resource-kind.ts'
import { startLines, unitLines } from './shell.ts'
import { bootAndStateDifferences, removeUnits, textDifferences, unitFile, unitsThere } from './systemd.ts'

/** A timer or a path unit of ours, and the service that it starts. */
interface TriggerResource {
  readonly kind: 'trigger'
  /** For instance `soen-dns.timer`; its service is called `soen-dns.service`. */
  readonly name: string
  /** The timer's or path unit's text. */
  readonly content: string
  /** The service's text, with `Type=oneshot`. */
  readonly service: string
}

/** Timers and path units: both files, enabled at boot and waiting; the trigger starts the service. */
export const triggerKind: ResourceKind<TriggerResource> = {
  kind: 'trigger',
  name: ({ name }) => `trigger ${name}`,
  shell: ({ name, content, service }) => [
    ...unitLines(serviceOf(name), service),
    ...unitLines(name, content),
    ...startLines(name),
  ],
  async differences({ name, content, service }, machine) {
    const ofService = await textDifferences(serviceOf(name), service, machine)
    return [
      ...(await textDifferences(name, content, machine)),
      ...differencesOfPart('service', ofService),
      ...(await bootAndStateDifferences(name, machine)),
    ]
  },
  async apply({ name, content, service }, machine) {
    await fileKind.apply(unitFile(serviceOf(name), service), machine)
    await fileKind.apply(unitFile(name, content), machine)
    await runOrThrow(machine, 'systemctl', 'daemon-reload')
    await runOrThrow(machine, 'systemctl', 'enable', '--quiet', name)
    await runOrThrow(machine, 'systemctl', 'restart', name)
  },
  async remains({ name }, machine) {
    return { goes: (await unitsThere(unitsOf(name), machine)).map((unit) => `unit ${unit}`) }
  },
  remove: ({ name }, machine) => removeUnits(unitsOf(name), machine),
}

/** Both units of a trigger, the one that starts the other first. */
export function unitsOf(name: string): readonly string[] {
  return [name, serviceOf(name)]
}

function serviceOf(name: string): string {
  return name.replace(/\.(timer|path)$/, '.service')
}
