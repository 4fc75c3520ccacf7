import type { Payload } from '../../payload.ts'
import { shellOf } from '../../resources/resource.ts'
import type { ServerTarget } from '../../server-target.ts'
import type { Verb } from '../verb.ts'
import { wholePlan } from '../whole-plan.ts'

/** The target whose plan is shown. */
interface EjectRequest {
  readonly target: ServerTarget
  readonly payload: Payload
}

/** The whole plan for this machine as one shell script, including the unit files; changes nothing. */
export const eject: Verb<EjectRequest, string> = {
  fields: { target: 'object', payload: 'object' },
  async run({ target, payload }, { machine }) {
    const plan = await wholePlan(machine, target, payload)
    return `#!/bin/sh\n# What \`soen deploy\` makes of this machine, for root, in order.\nset -eu\n\n${plan.map(shellOf).join('\n')}`
  },
}
