import { expect, it } from 'vitest'
import { basic, openAuthProxy } from './testing/auth-proxy.ts'
import { sendRaw } from './testing/raw-request.ts'

const body = '{"experiment_id":"1"}'
const create = [
  'POST /api/2.0/mlflow/runs/create HTTP/1.1',
  'host: localhost',
  `authorization: ${basic('ada')}`,
  'content-type: application/json',
  `content-length: ${body.length}`,
]

// Java's own client offers HTTP/2 with each of its first requests; other expectations may be ignored, too.
it.each([
  ['h2c', ['upgrade: h2c', 'http2-settings: AAMAAABkAAQAoAAAAAIAAAAA']],
  ['websocket', ['upgrade: websocket']],
  ['what nobody knows', ['expect: 200-maybe']],
])('answers as if it were not there who asks for %s', async (_what, headers) => {
  await using door = await openAuthProxy()
  const answer = await sendRaw(door.port, [...create, ...headers], body)
  expect([answer.status, answer.body]).toEqual([200, '{}'])
  const [sent] = door.upstream.requests
  expect([sent?.headers.upgrade, sent?.headers.expect]).toEqual([undefined, undefined])
})
