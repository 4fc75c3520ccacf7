import { applyPlan } from '../apply-plan.ts'
import type { Machine } from '../machine/machine.ts'
import { recordInAudit, type AuditEntry } from './audit.ts'
import { lockMachine } from './deploy-lock.ts'
import { namedCause } from './named-cause.ts'
import type { ApplyRequest, ApplyResult, OnHostEvent } from './protocol.ts'
import { wholePlan } from './whole-plan.ts'

/** What a long verb works with. */
export interface Surroundings {
  readonly machine: Machine
  readonly say: (event: OnHostEvent) => void
  /** Aborted when whoever asked is gone. */
  readonly signal: AbortSignal
}

/** Makes the machine as planned, one at a time, with a line in the audit; or only says how it differs. */
export async function apply(request: ApplyRequest, around: Surroundings): Promise<ApplyResult> {
  if (request.isDryRun) return walk(request, around)
  const { by, version, waitS } = request
  using _lock = await lockMachine(around.machine, {
    holder: { by, verb: 'deploy' },
    waitS,
    onWaiting: (holder) => around.say({ type: 'waiting', holder }),
  })
  const record = (entry: Pick<AuditEntry, 'result' | 'changes' | 'code'>): Promise<void> =>
    recordInAudit(around.machine, { by, version, verb: 'deploy', ...entry })
  try {
    const result = await walk(request, around)
    await record({ result: around.signal.aborted ? 'broken off' : 'done', changes: result.changed })
    return result
  } catch (error) {
    const named = namedCause(error)
    const code = String(Object(named).code ?? 'SOEN_UNEXPECTED')
    // On a full disk the record can not be written either: the first failure is the one to tell.
    await record({ result: 'failed', code }).catch(() => {})
    throw named
  }
}

async function walk(
  { target, payload, isDryRun }: ApplyRequest,
  { machine, say, signal }: Surroundings,
): Promise<ApplyResult> {
  const plan = await wholePlan(machine, target, payload)
  let changed = 0
  let unchanged = 0
  for await (const event of applyPlan(plan, { machine, isDryRun })) {
    say(event)
    if (event.type === 'unchanged') unchanged += 1
    else changed += 1
    // Whoever asked is gone: what is begun is ended, the rest is for the next deploy.
    if (signal.aborted) break
  }
  return { changed, unchanged }
}
