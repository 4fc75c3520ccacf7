/**
 * What an answer that is no success says about the request.
 *
 * - `item`: the server names something in it that it will never take
 * - `size`: it is too large for something on the way
 * - `run`: its run or experiment is deleted or not there, until a person brings it back
 * - `caller`: the credentials may not do it
 * - `wait`: nothing; the same request may succeed later
 */
export type Verdict = 'item' | 'size' | 'run' | 'caller' | 'wait'

/** What is known of an answer. */
export interface Answered {
  readonly status: number
  /** MLflow's own code: a page of something in between has none. */
  readonly errorCode?: string | undefined
  /** What it says, in its own words. */
  readonly message: string
}

interface Rule {
  readonly statuses?: readonly number[]
  readonly errorCode?: string
  readonly text?: RegExp
  readonly verdict: Verdict
}

const INVALID = 'INVALID_PARAMETER_VALUE'

/**
 * The first rule that fits decides; without one a request waits.
 *
 * A status alone blames nothing: MLflow answers 400 also when its database pool is empty, and gateways answer 400,
 * 403, 404 and 413 with pages of their own. Only an answer in MLflow's form that speaks of an item costs that item.
 */
const RULES: readonly Rule[] = [
  { statuses: [401], verdict: 'caller' },
  // A page that forbids is a gateway's; MLflow's own app for logins has no code either.
  { statuses: [403], errorCode: 'PERMISSION_DENIED', verdict: 'caller' },
  { statuses: [403], text: /^Permission denied/, verdict: 'caller' },
  { statuses: [413], verdict: 'size' },
  { errorCode: INVALID, text: /^The (run|experiment) \S+ must be in the 'active' /, verdict: 'run' },
  { errorCode: INVALID, text: /^Invalid value "[^"]*" for parameter 'run_id' /, verdict: 'run' },
  { errorCode: INVALID, text: /^Invalid (run|experiment) ID\b/i, verdict: 'run' },
  // The server's own set-up.
  { errorCode: INVALID, text: /^Active workspace is required/, verdict: 'wait' },
  { errorCode: INVALID, verdict: 'item' },
  { errorCode: 'RESOURCE_ALREADY_EXISTS', verdict: 'item' },
  { errorCode: 'RESOURCE_DOES_NOT_EXIST', verdict: 'run' },
  { errorCode: 'NOT_IMPLEMENTED', verdict: 'item' },
  // What the database cannot hold, in the words of SQLAlchemy (its DataError), psycopg2 and SQLite.
  { errorCode: 'BAD_REQUEST', text: /at: https:\/\/sqlalche\.me\/e\/\d+\/9h9h\)$/, verdict: 'item' },
  { errorCode: 'INTERNAL_ERROR', text: /^A string literal cannot contain NUL/, verdict: 'item' },
  { errorCode: 'INTERNAL_ERROR', text: /^Python int too large/, verdict: 'item' },
  // The front door of this kit takes no text that is no Unicode.
  { errorCode: 'BAD_REQUEST', text: /\(SOEN_BODY_NOT_CANONICAL\)$/, verdict: 'item' },
]

/** Decide what an answer says about its request. */
export function judge({ status, errorCode, message }: Answered): Verdict {
  const rule = RULES.find(
    (each) =>
      (each.statuses?.includes(status) ?? true) &&
      (each.errorCode === undefined || each.errorCode === errorCode) &&
      (each.text?.test(message) ?? true),
  )
  return rule?.verdict ?? 'wait'
}
