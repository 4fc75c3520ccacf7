import { applyPlan } from '../../apply-plan.ts'
import { recordDeployed } from '../../machine/record.ts'
import type { Payload } from '../../payload.ts'
import type { Resource } from '../../resources/resource.ts'
import type { ServerTarget } from '../../server-target.ts'
import { rememberPlan } from '../applied-plan.ts'
import { changing } from '../changing.ts'
import type { Changer, Surroundings, Verb } from '../verb.ts'
import { wholePlan } from '../whole-plan.ts'

/** The target to make the machine for. */
interface ApplyRequest extends Changer {
  readonly target: ServerTarget
  readonly payload: Payload
  readonly isDryRun: boolean
  /** How long to wait for another change of the machine. */
  readonly waitS: number
}

/** How many resources were changed, and how many needed no change. */
export interface ApplyResult {
  readonly changed: number
  readonly unchanged: number
}

/** Brings the machine to the planned state, or only reports how it differs. */
export const apply: Verb<ApplyRequest, ApplyResult> = {
  fields: {
    target: 'object',
    payload: 'object',
    by: 'string',
    version: 'string',
    isDryRun: 'boolean',
    waitS: 'number',
  },
  async run(request, around) {
    const { target, payload, isDryRun } = request
    const { machine, signal } = around
    const planned = (): Promise<readonly Resource[]> => wholePlan(machine, target, payload)
    if (isDryRun) return walk(await planned(), { isDryRun }, around)
    const { by, version, waitS } = request
    return changing({ verb: 'deploy', by, version, waitS }, around, async () => {
      const plan = await planned()
      await rememberPlan(machine, plan)
      const value = await walk(plan, { isDryRun }, around)
      if (signal.aborted) return { value, changes: value.changed, isBrokenOff: true }
      await recordDeployed(machine, { version, target, files: payload.files })
      return { value, changes: value.changed }
    })
  },
}

async function walk(
  plan: readonly Resource[],
  { isDryRun }: Pick<ApplyRequest, 'isDryRun'>,
  { machine, say, signal }: Surroundings,
): Promise<ApplyResult> {
  let changed = 0
  let unchanged = 0
  for await (const event of applyPlan(plan, { machine, isDryRun })) {
    say(event)
    if (event.type === 'unchanged') unchanged += 1
    else changed += 1
    // The caller is gone: the current resource is completed, the rest is left to the next deploy.
    if (signal.aborted) break
  }
  return { changed, unchanged }
}
