import type { Machine } from '../machine/machine.ts'
import { shellOf } from '../resources/resource.ts'
import type { EjectRequest } from './protocol.ts'
import { wholePlan } from './whole-plan.ts'

/** The whole plan for this machine as one shell script with the unit files in it; changes nothing. */
export async function eject({ target, payload }: EjectRequest, machine: Machine): Promise<string> {
  const plan = await wholePlan(machine, target, payload)
  return `#!/bin/sh\n# What \`soen deploy\` makes of this machine, for root, in order.\nset -eu\n\n${plan.map(shellOf).join('\n')}`
}
