import { Refusal } from '../errors/refusals.ts'
import type { User } from '../identity/user.ts'
import type { Asked, Check, Decision } from './check.ts'
import { isUpToOwner, ownerCheck, roleCheck } from './least-role.ts'
import { policyCheck } from './policies.ts'

/** Every check of a request, in this order. */
const checks: readonly Check[] = [roleCheck, ownerCheck, policyCheck]
const withoutBody = checks.filter(({ needs }) => needs === 'route')

/** The first decision, before a byte of the body is read, so that a refused client need not send it. */
export function decideRoute(user: User, asked: Pick<Asked, 'route'>): Decision {
  return judge(withoutBody, user, asked)
}

/**
 * The second decision, with the body read. The checks of the route are repeated, because a GraphQL query has become
 * the route it stands for.
 */
export function decide(user: User, asked: Asked): Decision {
  return judge(checks, user, asked)
}

/** Throws a refusal unless the decision allows the request. An error while deciding counts as one. */
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
