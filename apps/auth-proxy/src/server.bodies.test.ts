import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { openAuthProxy } from './testing/auth-proxy.ts'

const path = '/api/2.0/mlflow/runs/log-batch'
const json = { 'content-type': 'application/json' }

/** Answers with what arrived. */
const echo = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const body = await text(request)
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers
  response.setHeader('content-type', 'application/json').end(JSON.stringify({ body, length, encoding }))
}

describe('the body of an API call', () => {
  it('arrives with a length, in our own spelling', async () => {
    await using door = await openAuthProxy({ mlflow: echo })
    const sent = '{ "runId": "1", "unknown": 1, "metrics": [{ "key": "ü", "step": 9007199254740993 }] }'
    const response = await door.fetch(path, { method: 'POST', headers: json, body: sent })
    const body = '{"run_id":"1","metrics":[{"key":"ü","step":9007199254740993}]}'
    expect(await response.json()).toEqual({ body, length: String(Buffer.byteLength(body)) })
  })

  it('arrives with a length also when it came in chunks, which MLflow would take for nothing', async () => {
    await using door = await openAuthProxy({ mlflow: echo })
    const body = new Blob(['{"run', '_id":', '"1"}']).stream()
    const response = await door.fetch(path, { method: 'POST', headers: json, body, duplex: 'half' })
    expect(await response.json()).toEqual({ body: '{"run_id":"1"}', length: '14' })
  })

  it('may be missing', async () => {
    await using door = await openAuthProxy({ mlflow: echo })
    const response = await door.fetch(path, { method: 'POST' })
    expect(await response.json()).toEqual({ body: '', length: '0' })
  })

  it('is refused when it is compressed, because MLflow would read nothing', async () => {
    await using door = await openAuthProxy({ mlflow: echo })
    const headers = { ...json, 'content-encoding': 'gzip' }
    const response = await door.fetch(path, { method: 'POST', headers, body: gzipSync('{}') })
    expect(response.status).toBe(415)
    expect(await response.json()).toMatchObject({ message: expect.stringContaining('SOEN_BODY_ENCODED') })
    expect(door.upstream.hits).toEqual([])
  })

  it.each(['with a length', 'in chunks'])('is refused above 32 MiB, %s', async (way) => {
    await using door = await openAuthProxy({ mlflow: echo })
    const large = new Blob([new Uint8Array(32 * 1024 * 1024 + 1)])
    const body = way === 'in chunks' ? { body: large.stream(), duplex: 'half' as const } : { body: large }
    const response = await door.fetch(path, { method: 'POST', headers: json, ...body })
    expect(response.status).toBe(413)
    expect(door.upstream.hits).toEqual([])
  })
})
