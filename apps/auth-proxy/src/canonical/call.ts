import type { IncomingMessage } from 'node:http'
import type { SentBody } from '../http/request-body.ts'
import type { Room } from '../http/rooms.ts'
import type { Route } from '../routes/route.ts'
import type { Match } from '../routes/router.ts'
import { rules } from '../routes/rules.ts'
import { readBody } from './body.ts'
import { readGraphql } from './graphql.ts'
import { readIds } from './ids.ts'
import type { Id } from './ids.ts'
import type { CanonicalTarget } from './path.ts'
import { noQuery, readQuery, writeQuery } from './query.ts'
import type { JsonObject } from './strict-json.ts'

/** A request as rules see it and as it is forwarded: both come from a single reading of it. */
export interface Call {
  readonly route: Route
  /** Values of the path's `{names}`. */
  readonly params: Readonly<Record<string, string>>
  readonly ids: readonly Id[]
  /**
   * The JSON body, or the part of spans that rules check; undefined where there is none, or where bytes are
   * forwarded unread.
   */
  readonly body: JsonObject | undefined
  /** Path and query, re-serialised. */
  readonly target: string
  /** The bytes of an upload. */
  readonly upload: SentBody | undefined
}

/** Reads a request to the end, except uploads; refuses it when MLflow could read it differently. */
export async function readCall(
  request: IncomingMessage,
  { rawQuery, forwardedPath }: CanonicalTarget,
  { route, params }: Match<Route>,
  room?: Room,
): Promise<Call> {
  const query = readQuery(rawQuery, route.queryFields)
  const { json: body, upload } = await readBody(request, route, room)
  if (route.rule.body === 'graphql') return asTwin(route, body ?? {}, forwardedPath)
  const ids = readIds(route.rule, { params, query, body: body ?? {}, headers: request.headers })
  return { route, params, ids, body, upload, target: forwardedPath + writeQuery(query) }
}

/** A GraphQL query is decided like the REST call for the same data. */
function asTwin(route: Route, sent: JsonObject, target: string): Call {
  const { twin, input, body } = readGraphql(sent)
  const rule = rules[twin]
  if (rule === undefined) throw new Error(`There is no rule for ${twin}.`)
  const ids = readIds(rule, { params: {}, query: noQuery, body: input, headers: {} })
  return { route: { ...route, name: twin, rule }, params: {}, ids, body, upload: undefined, target }
}
