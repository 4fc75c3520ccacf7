/**
 * What an unsuccessful response means for its request.
 *
 * - `item`: the server refuses something in it for good
 * - `size`: it is too large for something on the way
 * - `run`: its run or experiment is deleted or does not exist, until a person restores it
 * - `caller`: the credentials lack the permission
 * - `wait`: nothing; the same request may succeed later
 */
export type Verdict = 'item' | 'size' | 'run' | 'caller' | 'wait'

/** What is known of a response. */
export interface Answered {
  readonly status: number
  /** MLflow's own code: a page of something in between has none. */
  readonly errorCode?: string | undefined
  /** Its message, unchanged. */
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
 * The first matching rule decides; without one the request is retried.
 *
 * A status alone says nothing about the request: MLflow answers 400 also when its database pool is exhausted, and
 * gateways answer 400, 403, 404 and 413 with pages of their own. Only a response in MLflow's form that names an item
 * may cost that item.
 */
const RULES: readonly Rule[] = [
  { statuses: [401], verdict: 'caller' },
  // A 403 page is a gateway's; MLflow's own basic-auth app sends no code either.
  { statuses: [403], errorCode: 'PERMISSION_DENIED', verdict: 'caller' },
  { statuses: [403], text: /^Permission denied/, verdict: 'caller' },
  { statuses: [413], verdict: 'size' },
  { errorCode: INVALID, text: /^The (run|experiment) \S+ must be in the 'active' /, verdict: 'run' },
  { errorCode: INVALID, text: /^Invalid value "[^"]*" for parameter 'run_id' /, verdict: 'run' },
  { errorCode: INVALID, text: /^Invalid (run|experiment) ID\b/i, verdict: 'run' },
  // A problem of the server's configuration.
  { errorCode: INVALID, text: /^Active workspace is required/, verdict: 'wait' },
  { errorCode: INVALID, verdict: 'item' },
  { errorCode: 'RESOURCE_ALREADY_EXISTS', verdict: 'item' },
  { errorCode: 'RESOURCE_DOES_NOT_EXIST', verdict: 'run' },
  { errorCode: 'NOT_IMPLEMENTED', verdict: 'item' },
  // Values that the database cannot store, in the words of SQLAlchemy (its DataError), psycopg2 and SQLite.
  { errorCode: 'BAD_REQUEST', text: /at: https:\/\/sqlalche\.me\/e\/\d+\/9h9h\)$/, verdict: 'item' },
  { errorCode: 'INTERNAL_ERROR', text: /^A string literal cannot contain NUL/, verdict: 'item' },
  { errorCode: 'INTERNAL_ERROR', text: /^Python int too large/, verdict: 'item' },
  // This kit's front door refuses text that is not valid Unicode.
  { errorCode: 'BAD_REQUEST', text: /\(SOEN_BODY_NOT_CANONICAL\)$/, verdict: 'item' },
]

/** Decide what a response means for its request. */
export function judge({ status, errorCode, message }: Answered): Verdict {
  const rule = RULES.find(
    (each) =>
      (each.statuses?.includes(status) ?? true) &&
      (each.errorCode === undefined || each.errorCode === errorCode) &&
      (each.text?.test(message) ?? true),
  )
  return rule?.verdict ?? 'wait'
}
