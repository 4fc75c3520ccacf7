import type { Id } from '../canonical/ids.ts'
import type { JsonObject } from '../canonical/strict-json.ts'
import type { RefusalCode } from '../errors/error-codes.ts'
import type { User } from '../identity/user.ts'
import type { Route } from '../routes/route.ts'

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
  /** Values of the path's `{names}`. */
  readonly params?: Readonly<Record<string, string>>
  /** Whether all of it belongs to who asks; asked of MLflow only where it matters, and false where it is not known. */
  readonly isOwn?: boolean
}

/** One way to be refused. Knows nothing but its arguments. */
export interface Check {
  /** What has to be known: the route alone, or what only the body says. */
  readonly needs: 'route' | 'call'
  /** The refusal; undefined where there is nothing against it. */
  readonly refusal: (user: User, asked: Asked) => Decision | undefined
}
