import type { IncomingMessage } from 'node:http'
import { readCall } from '../canonical/call.ts'
import { readIds } from '../canonical/ids.ts'
import type { Id } from '../canonical/ids.ts'
import { isSafeMethod } from '../http/limits.ts'
import type { CanonicalTarget } from '../canonical/path.ts'
import { readQuery } from '../canonical/query.ts'
import { ClientLeft } from '../errors/client-left.ts'
import { Refusal } from '../errors/refusals.ts'
import type { Route } from '../routes/route.ts'
import type { Match } from '../routes/router.ts'

/** The size up to which a body is read for its ids alone. */
const maxBodyBytes = 64 * 1024

/**
 * The ids in the body of a refused request, for its record; only of a small body that was sent already. A
 * body that cannot be read has no ids.
 */
export async function idsOfRefused(
  request: IncomingMessage,
  target: CanonicalTarget,
  match: Match<Route>,
): Promise<readonly Id[]> {
  try {
    if (isSmallJson(request, match)) return (await readCall(request, target, match)).ids
    const { route, params } = match
    const query = readQuery(target.rawQuery, route.queryFields)
    return readIds(route.rule, { params, query, body: {}, headers: request.headers })
  } catch (error) {
    if (error instanceof Refusal || error instanceof ClientLeft) return []
    throw error
  }
}

function isSmallJson({ method, headers }: IncomingMessage, { route }: Match<Route>): boolean {
  if (isSafeMethod(method) || route.rule.body !== undefined || headers.expect !== undefined) return false
  return Number(headers['content-length'] ?? Number.POSITIVE_INFINITY) <= maxBodyBytes
}
