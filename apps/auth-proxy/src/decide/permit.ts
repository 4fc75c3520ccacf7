import type { AccessEntry } from '../access-log.ts'
import type { User } from '../identity/user.ts'
import { Refusal } from '../refusals.ts'
import { decide } from './decide.ts'
import type { Asked } from './decide.ts'

/** Decides, notes the decision, and refuses what is not allowed. An error in deciding lets nobody in either. */
export function permit(user: User, asked: Asked, entry: AccessEntry): void {
  const { allowed, rule, reason, code = 'SOEN_CHECK_FAILED' } = decide(user, asked)
  entry.rule = rule
  if (!allowed) throw new Refusal(code, undefined, reason)
}
