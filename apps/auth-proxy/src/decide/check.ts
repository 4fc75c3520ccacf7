import type { Id } from '../canonical/ids.ts'
import type { JsonObject } from '../canonical/strict-json.ts'
import type { RefusalCode } from '../errors/error-codes.ts'
import type { User } from '../identity/user.ts'
import type { Route } from '../routes/route.ts'

/** A decision with its rule and reason, which the audit records as well. */
export interface Decision {
  readonly allowed: boolean
  /** Name of the route or policy that decided. */
  readonly rule: string
  /** A sentence for the caller. */
  readonly reason: string
  /** The code of a refusal. */
  readonly code?: RefusalCode
}

/** What is known of a request so far: before its body is read, only its route. */
export interface Asked {
  readonly route: Pick<Route, 'name' | 'rule'>
  readonly ids?: readonly Id[]
  readonly body?: JsonObject | undefined
  /** Values of the path's `{names}`. */
  readonly params?: Readonly<Record<string, string>>
  /**
   * Whether everything that the request touches is the caller's own; looked up in MLflow only where it matters, and
   * false where unknown.
   */
  readonly isOwn?: boolean
}

/** One reason to refuse a request. Depends on its arguments alone. */
export interface Check {
  /** What the check needs to know: the route alone, or the whole call. */
  readonly needs: 'route' | 'call'
  /** The refusal; undefined where there is no objection. */
  readonly refusal: (user: User, asked: Asked) => Decision | undefined
}
