import { Refusal } from '../errors/refusals.ts'
import type { User } from '../identity/user.ts'
import type { Asked, Check, Decision } from './check.ts'
import { isUpToOwner, ownerCheck, roleCheck } from './least-role.ts'
import { policyCheck } from './policies.ts'

/** Everything that a request is held against, in this order. */
const checks: readonly Check[] = [roleCheck, ownerCheck, policyCheck]
const withoutBody = checks.filter(({ needs }) => needs === 'route')

/** The first moment: what can be refused before a byte of the body is read, so that nobody sends it for nothing. */
export function decideRoute(user: User, asked: Pick<Asked, 'route'>): Decision {
  return judge(withoutBody, user, asked)
}

/**
 * The second moment: everything, now that the body is read. What was decided by the route is decided again, because a
 * GraphQL query has become the route that it stands for.
 */
export function decide(user: User, asked: Asked): Decision {
  return judge(checks, user, asked)
}

/** Refuses what is not allowed. An error in deciding lets nobody in either. */
export function enforce({ allowed, reason, code = 'SOEN_CHECK_FAILED' }: Decision): void {
  if (!allowed) throw new Refusal(code, undefined, reason)
}

function judge(held: readonly Check[], user: User, asked: Asked): Decision {
  for (const { refusal } of held) {
    const refused = refusal(user, asked)
    if (refused !== undefined) return refused
  }
  const { name, rule } = asked.route
  const whose = isUpToOwner(user, rule) ? ' their own' : ''
  return { allowed: true, rule: name, reason: `${user.role} may ${rule.level}${whose}` }
}
