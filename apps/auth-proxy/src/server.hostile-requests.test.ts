import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openAuthProxy } from './testing/auth-proxy.ts'
import type { AuthProxy } from './testing/auth-proxy.ts'
import { hostileBodies } from './testing/hostile/bodies.ts'
import { hostileHeaders } from './testing/hostile/headers.ts'
import { hostileIds } from './testing/hostile/ids.ts'
import { hostilePaths } from './testing/hostile/paths.ts'
import { hostilePermissions } from './testing/hostile/permissions.ts'
import { smuggling } from './testing/hostile/smuggling.ts'
import { strangers } from './testing/hostile/strangers.ts'
import { sendRaw } from './testing/raw-request.ts'

const corpus = [
  ...hostilePaths,
  ...hostileIds,
  ...hostileBodies,
  ...hostileHeaders,
  ...smuggling,
  ...strangers,
  ...hostilePermissions,
]
const inMlflowsShape: unknown = expect.stringMatching(
  /^\{"error_code":"[A-Z_]+","message":".*\(SOEN_[A-Z_]+\)","error":\{"code":"SOEN_.*\}\}$/,
)
let door: AuthProxy

beforeAll(async () => {
  door = await openAuthProxy()
})
afterAll(() => door[Symbol.asyncDispose]())

it('is held against hundreds of different requests', () => {
  const different = new Set(corpus.map(({ lines, body }) => JSON.stringify([lines, body])))
  expect(different.size).toBe(corpus.length)
  expect(corpus.length).toBeGreaterThanOrEqual(300)
})

describe('the front door stops, before MLflow hears of it,', () => {
  it.each(corpus)('$name ($status)', async ({ status, lines, body }) => {
    door.upstream.hits.length = 0
    const answer = await sendRaw(door.port, lines, body)
    expect({ status: answer.status, body: answer.body, hits: door.upstream.hits }).toEqual({
      status,
      body: lines[0]?.startsWith('HEAD ') ? '' : inMlflowsShape,
      hits: [],
    })
  })
})
