import type { IncomingMessage } from 'node:http'
import { streamedBody, wholeBody } from '../http/request-body.ts'
import type { UpstreamBody } from '../http/request-body.ts'
import { Refusal } from '../errors/refusals.ts'
import type { Match, Route } from '../routes/router.ts'
import { rules } from '../routes/rules.ts'
import { readGraphql } from './graphql.ts'
import { readIds } from './ids.ts'
import type { Id } from './ids.ts'
import { canonicalObject } from './message.ts'
import type { CanonicalTarget } from './path.ts'
import { readQuery, writeQuery } from './query.ts'
import { parseStrictJson } from './strict-json.ts'
import type { JsonObject } from './strict-json.ts'

/** A request as rules see it, and as it is sent on: both are made from the one reading of it. */
export interface Call {
  readonly route: Route
  readonly ids: readonly Id[]
  /** The JSON of the body; undefined where there is none, or where it goes through as bytes. */
  readonly body: JsonObject | undefined
  /** Path and query in our spelling. */
  readonly target: string
  /** The bytes of an upload. */
  readonly upload: UpstreamBody | undefined
}

const jsonType = /^application\/json(?:\s*;\s*charset="?utf-8"?)?$/i

/** Reads a request to the end, uploads aside, or refuses it when MLflow could read something else. */
export async function readCall(
  request: IncomingMessage,
  target: CanonicalTarget,
  match: Match,
): Promise<Call> {
  const { route, params } = match
  const query = readQuery(target.rawQuery, route.queryFields)
  const { body, upload } = await readBody(request, route)
  const { headers } = request
  if (route.rule.body === 'graphql') return asTwin(route, body ?? {}, target.forwardedPath)
  const ids = readIds(route.rule, { params, query, body: body ?? {}, headers })
  return { route, ids, body, upload, target: target.forwardedPath + writeQuery(query) }
}

/** A GraphQL query is decided as the REST call that asks for the same. */
function asTwin(route: Route, sent: JsonObject, target: string): Call {
  const { twin, input, body } = readGraphql(sent)
  const rule = rules[twin]
  if (rule === undefined) throw new Error(`There is no rule for ${twin}.`)
  const ids = readIds(rule, { params: {}, query: new Map(), body: input, headers: {} })
  return { route: { ...route, name: twin, rule }, ids, body, upload: undefined, target }
}

async function readBody(
  request: IncomingMessage,
  { rule, shape }: Route,
): Promise<Pick<Call, 'body' | 'upload'>> {
  if (rule.body === 'stream') return { body: undefined, upload: streamedBody(request) }
  const bytes = await wholeBody(request)
  if (rule.body === 'whole') {
    const upload = { content: bytes, length: String(bytes.length) }
    return { body: undefined, upload }
  }
  if (bytes.length === 0) return { body: undefined, upload: undefined }
  if (!jsonType.test(request.headers['content-type'] ?? '')) throw new Refusal('SOEN_BODY_TYPE')
  const object = parseStrictJson(bytes)
  return { body: shape === undefined ? object : canonicalObject(object, shape), upload: undefined }
}
