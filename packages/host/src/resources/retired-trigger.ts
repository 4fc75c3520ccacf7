import type { ResourceKind } from './resource-kind.ts'
import { removeUnits, unitsThere } from './systemd.ts'
import { unitsOf } from './trigger.ts'

/** A timer or a path unit that settings of before asked for, and these do not. */
interface RetiredTriggerResource {
  readonly kind: 'retired-trigger'
  readonly name: string
}

/** What is no longer wanted: stopped, and both files taken away. */
export const retiredTriggerKind: ResourceKind<RetiredTriggerResource> = {
  kind: 'retired-trigger',
  name: ({ name }) => `retired-trigger ${name}`,
  shell: ({ name }) => [`systemctl disable --now ${name} 2>/dev/null || true`],
  async differences({ name }, machine) {
    const there = await unitsThere(unitsOf(name), machine)
    return there.length === 0 ? [] : [{ aspect: 'unit', is: 'there', wanted: 'gone' }]
  },
  apply: ({ name }, machine) => removeUnits(unitsOf(name), machine),
  async remains({ name }, machine) {
    return { goes: (await unitsThere(unitsOf(name), machine)).map((unit) => `unit ${unit}`) }
  },
  remove: ({ name }, machine) => removeUnits(unitsOf(name), machine),
}
