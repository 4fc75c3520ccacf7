import type { User } from '../identity/user.ts'
import { Refusal } from '../errors/refusals.ts'
import { decide } from './decide.ts'
import type { Asked, Decision } from './decide.ts'

/** Decides, tells the decision, and refuses what is not allowed. An error in deciding lets nobody in either. */
export function permit(user: User, asked: Asked, tell: (decision: Decision) => void): void {
  const decision = decide(user, asked)
  tell(decision)
  const { allowed, reason, code = 'SOEN_CHECK_FAILED' } = decision
  if (!allowed) throw new Refusal(code, undefined, reason)
}
