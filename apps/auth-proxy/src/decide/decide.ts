import type { Id } from '../canonical/ids.ts'
import type { JsonObject } from '../canonical/strict-json.ts'
import type { RefusalCode } from '../errors/error-codes.ts'
import type { User } from '../identity/user.ts'
import type { Route } from '../routes/router.ts'
import { isAtLeast, leastRole } from './least-role.ts'
import { policies } from './policies.ts'

/** What was decided, by which rule, and why: also what the audit keeps. */
export interface Decision {
  readonly allowed: boolean
  /** Name of the route or policy that decided. */
  readonly rule: string
  /** A sentence for the person who asked. */
  readonly reason: string
  /** How a refusal is answered. */
  readonly code?: RefusalCode
}

/** What was read of a request so far: before its body came, only its route is known. */
export interface Asked {
  readonly route: Pick<Route, 'name' | 'rule'>
  readonly ids?: readonly Id[]
  readonly body?: JsonObject | undefined
}

/** Decides whether a user may do what they ask. Knows nothing but its arguments. */
export function decide(user: User, { route, body }: Asked): Decision {
  const { name, rule } = route
  const least = leastRole(rule.level)
  if (least === undefined || !isAtLeast(user.role, least)) {
    const needed =
      least === undefined ? 'Nobody may do this.' : `This needs the role ${least}; you are ${user.role}.`
    return { allowed: false, rule: name, reason: needed, code: 'SOEN_ROLE_TOO_LOW' }
  }
  const broken = policies.find((policy) => policy.routes.has(name) && policy.isBroken(user, body ?? {}))
  if (broken !== undefined) {
    return { allowed: false, rule: `${name} (${broken.name})`, reason: broken.reason, code: broken.code }
  }
  return { allowed: true, rule: name, reason: `${user.role} may ${rule.level}` }
}
