import type { IncomingMessage } from 'node:http'
import { Refusal } from '../errors/refusals.ts'
import { hasBody } from '../http/limits.ts'
import { streamedBody, wholeBody } from '../http/request-body.ts'
import type { SentBody } from '../http/request-body.ts'
import type { Route } from '../routes/route.ts'
import type { BodyKind } from '../routes/rule.ts'
import { canonicalObject } from './message.ts'
import { parseStrictJson } from './strict-json.ts'
import type { JsonObject } from './strict-json.ts'

/** What a body says, or its bytes where they go through unread. */
export interface Body {
  readonly json?: JsonObject
  readonly upload?: SentBody
}

type BodyReader = (request: IncomingMessage, route: Route) => Body | Promise<Body>

/** How each kind of body is read. */
const readers: Readonly<Record<BodyKind, BodyReader>> = {
  json: readJson,
  graphql: readJson,
  stream: (request) => ({ upload: streamedBody(request) }),
  async whole(request) {
    const content = await wholeBody(request)
    return { upload: { content, length: String(content.length) } }
  },
}

/** Reads a body to the end, streams aside. */
export function readBody(request: IncomingMessage, route: Route): Body | Promise<Body> {
  return readers[route.rule.body ?? 'json'](request, route)
}

const nothing: Body = {}
const jsonType = /^application\/json(?:\s*;\s*charset="?utf-8"?)?$/i

function readJson(request: IncomingMessage, route: Route): Body | Promise<Body> {
  return hasBody(request) ? parseWhole(request, route) : nothing
}

async function parseWhole(request: IncomingMessage, { shape }: Route): Promise<Body> {
  const bytes = await wholeBody(request)
  if (bytes.length === 0) return nothing
  if (!jsonType.test(request.headers['content-type'] ?? '')) throw new Refusal('SOEN_BODY_TYPE')
  const object = parseStrictJson(bytes)
  return { json: shape === undefined ? object : canonicalObject(object, shape) }
}
