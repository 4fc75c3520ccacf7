import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { openAuthProxy } from './testing/auth-proxy.ts'

const path = '/api/2.0/mlflow/runs/log-batch'
const json = { 'content-type': 'application/json' }

/** Responds with what arrived. */
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

  it.each(['with a length', 'in chunks'])('is refused above what MLflow takes of it, %s', async (way) => {
    await using door = await openAuthProxy({ mlflow: echo })
    const large = new Blob([new Uint8Array(10 * 1024 * 1024 + 1)])
    const body = way === 'in chunks' ? { body: large.stream(), duplex: 'half' as const } : { body: large }
    const response = await door.fetch(path, { method: 'POST', headers: json, ...body })
    expect(response.status).toBe(413)
    expect(door.upstream.hits).toEqual([])
  })
})

describe('a body that costs more than its bytes say', () => {
  it('is refused as soon as that is seen, and the connection goes on', async () => {
    await using door = await openAuthProxy({ mlflow: echo })
    const body = `{"experiment_ids":["1"],"order_by":[${'{},'.repeat(1e6)}{}]}`
    const response = await door.fetch('/api/2.0/mlflow/runs/search', { method: 'POST', headers: json, body })
    expect(response.status).toBe(413)
    expect(await response.json()).toMatchObject({ message: expect.stringContaining('SOEN_BODY_TOO_COMPLEX') })
    expect(door.upstream.hits).toEqual([])
    expect((await door.fetch('/version')).status).toBe(200)
  })
})

describe('spans of OpenTelemetry', () => {
  const headers = { 'content-type': 'application/x-protobuf', 'x-mlflow-experiment-id': '1' }
  /** A message with one unknown field. */
  const spans = Buffer.from('z\u0005spans')

  it.each([
    ['gzip', gzipSync(spans)],
    ['deflate', deflateSync(spans)],
    ['deflate', deflateRawSync(spans)],
    ['identity', spans],
  ])('reach MLflow unpacked: %s', async (encoding, body) => {
    await using door = await openAuthProxy({ mlflow: echo })
    const sent = { method: 'POST', headers: { ...headers, 'content-encoding': encoding }, body }
    const response = await door.fetch('/v1/traces', sent)
    expect(await response.json()).toEqual({ body: String(spans), length: '7' })
  })

  it.each([
    [
      'unpack to more than MLflow takes',
      'gzip',
      gzipSync(Buffer.alloc(33 * 1024 * 1024)),
      413,
      'SOEN_BODY_TOO_LARGE',
    ],
    ['are no gzip', 'gzip', spans, 415, 'SOEN_BODY_ENCODED'],
    ['are packed in a way that MLflow does not know', 'br', spans, 415, 'SOEN_BODY_ENCODED'],
  ])('never reach it when they %s', async (_what, encoding, body, status, code) => {
    await using door = await openAuthProxy({ mlflow: echo })
    const sent = { method: 'POST', headers: { ...headers, 'content-encoding': encoding }, body }
    const response = await door.fetch('/v1/traces', sent)
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ message: expect.stringContaining(code) })
    expect(door.upstream.hits).toEqual([])
  })

  it('never reach it when they would name the place of a trace', async () => {
    await using door = await openAuthProxy({ mlflow: echo })
    const key = 'mlflow.traceTag.mlflow.artifactLocation'
    const attributes = [{ key, value: { stringValue: 'file:///etc' } }]
    const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [{ attributes }] }] }] })
    const sent = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body }
    const response = await door.fetch('/v1/traces', sent)
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({
      message: expect.stringContaining('SOEN_PLACE_TAG_REFUSED'),
    })
    expect(door.upstream.hits).toEqual([])
  })
})
