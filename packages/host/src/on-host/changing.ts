import type { Machine } from '../machine/machine.ts'
import { recordInAudit, type AuditEntry } from './audit.ts'
import { explain } from './explain.ts'
import { lockMachine, type HeldBy, type LockHolder } from './machine-lock.ts'
import type { Surroundings } from './verb.ts'

/** A change of the machine: by whom, and by which verb. */
export interface Change extends LockHolder {
  /** How long to wait for another change. */
  readonly waitS?: number
}

/** The result of a change. */
export interface Outcome<Value> {
  readonly value: Value
  /** How many resources were changed. */
  readonly changes?: number
  /** Whether it stopped early because the caller was gone. */
  readonly isBrokenOff?: boolean
}

/**
 * Runs a change of the machine: holds the lock, so that no other change runs meanwhile, and records it in the audit
 * however it ends. A change that was killed is recorded by the next one.
 *
 * @throws HostError `SOEN_DEPLOY_LOCKED`; whatever the change itself throws
 */
export async function changing<Value>(
  { waitS = 0, ...holder }: Change,
  { machine, say }: Surroundings,
  change: () => Promise<Outcome<Value>>,
): Promise<Value> {
  const onWaiting = (who: string): void => say({ type: 'waiting', holder: who })
  await using lock = await lockMachine(machine, { holder, waitS, onWaiting })
  if (lock.killed !== undefined) await recordKilled(machine, lock.killed).catch(() => {})
  const record = (entry: Pick<AuditEntry, 'result' | 'changes' | 'code'>): Promise<void> =>
    recordInAudit(machine, { ...holder, ...entry })
  let outcome: Outcome<Value>
  try {
    await machine.takeOver()
    outcome = await change()
  } catch (error) {
    // On a full disk this fails, too: the first failure is the one to report.
    await record({ result: 'failed', code: explain(error).code }).catch(() => {})
    throw error
  }
  const { value, changes, isBrokenOff = false } = outcome
  await record({
    result: isBrokenOff ? 'broken off' : 'done',
    ...(changes !== undefined && { changes }),
  })
  return value
}

function recordKilled(machine: Machine, { by, verb, version, since }: HeldBy): Promise<void> {
  return recordInAudit(machine, { by, verb, version, result: 'broken off' }, new Date(since))
}
