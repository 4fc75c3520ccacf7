import type { IncomingMessage } from 'node:http'
import { setImmediate } from 'node:timers/promises'
import { Refusal } from '../errors/refusals.ts'
import { hasBody } from '../http/limits.ts'
import { streamedBody, wholeBody } from '../http/request-body.ts'
import type { SentBody } from '../http/request-body.ts'
import type { Room } from '../http/rooms.ts'
import type { Route } from '../routes/route.ts'
import type { BodyKind, Rule } from '../routes/rule.ts'
import { JsonScan } from './json-scan.ts'
import { canonicalObject } from './message.ts'
import { tagsOfSpans } from './span-tags.ts'
import { parseStrictJson } from './strict-json.ts'
import type { JsonObject } from './strict-json.ts'
import { unpack } from './unpack.ts'

/** The parsed body, and its bytes where they are forwarded unchanged. */
export interface Body {
  readonly json?: JsonObject
  readonly upload?: SentBody
}

type BodyReader = (request: IncomingMessage, route: Route, room?: Room) => Body | Promise<Body>

/** The parser of each kind of body. */
const readers: Readonly<Record<BodyKind, BodyReader>> = {
  json: readJson,
  graphql: readJson,
  stream: (request) => ({ upload: streamedBody(request) }),
  async whole(request, { rule }, room) {
    const content = await wholeBody(request, { maxBytes: maxBytesOf(rule), room })
    return { upload: { content, length: String(content.length) } }
  },
  async otlp(request, { rule }, room) {
    const maxBytes = maxBytesOf(rule)
    const packed = await wholeBody(request, { maxBytes, room, mayBePacked: true })
    const content = await unpack(packed, request.headers['content-encoding'] ?? 'identity', {
      maxBytes,
      room,
    })
    const tags = tagsOfSpans(content, request.headers['content-type'] ?? '').map((key) => ({ key }))
    return { json: { tags }, upload: { content, length: String(content.length), isUnpacked: true } }
  },
}

/** Reads a body to the end, except streams. */
export function readBody(request: IncomingMessage, route: Route, room?: Room): Body | Promise<Body> {
  return readers[route.rule.body ?? 'json'](request, route, room)
}

const nothing: Body = {}
const jsonType = /^application\/json(?:\s*;\s*charset="?utf-8"?)?$/i
/** Each step of parsing a larger body takes some milliseconds, so others get a turn in between. */
const largeBytes = 256 * 1024

function readJson(request: IncomingMessage, route: Route, room?: Room): Body | Promise<Body> {
  return hasBody(request) ? parseWhole(request, route, room) : nothing
}

async function parseWhole(request: IncomingMessage, { shape, rule }: Route, room?: Room): Promise<Body> {
  const scan = new JsonScan()
  const bytes = await wholeBody(request, {
    maxBytes: maxBytesOf(rule),
    room,
    inspect: (piece) => scan.read(piece),
  })
  if (bytes.length === 0) return nothing
  if (!jsonType.test(request.headers['content-type'] ?? '')) throw new Refusal('SOEN_BODY_TYPE')
  await room?.turn(bytes.length, scan.values)
  if (bytes.length > largeBytes) await setImmediate()
  const object = parseStrictJson(bytes, scan)
  if (bytes.length > largeBytes) await setImmediate()
  return { json: shape === undefined ? object : canonicalObject(object, shape) }
}

function maxBytesOf({ bodyMiB = 4 }: Rule): number {
  return bodyMiB * 1024 * 1024
}
