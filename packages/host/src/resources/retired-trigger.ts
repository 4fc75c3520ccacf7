import type { ResourceKind } from './resource-kind.ts'
import { removeUnits, unitsThere } from './systemd.ts'
import { unitsOf } from './trigger.ts'

/** A timer or path unit that earlier settings asked for, but the present ones do not. */
interface RetiredTriggerResource {
  readonly kind: 'retired-trigger'
  readonly name: string
}

/** Triggers that are no longer wanted: stopped, and both files removed. */
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
