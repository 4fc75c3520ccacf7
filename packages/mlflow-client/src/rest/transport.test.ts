import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startFakeMlflow, type FakeMlflow } from '../testing/fake-mlflow.ts'
import { createTransport, type Transport } from './transport.ts'

let server: FakeMlflow
let transport: Transport

beforeAll(async () => {
  server = await startFakeMlflow()
  transport = createTransport({ trackingUri: server.url })
})
beforeEach(() => {
  server.misbehave = () => undefined
})
afterAll(() => server[Symbol.asyncDispose]())

function call(): Promise<unknown> {
  return transport.json('POST', '/api/2.0/mlflow/runs/search', { json: {} })
}

/** A proxy with a size limit. */
const proxy = async (): Promise<Response> =>
  new Response('<html><h1>413 Request Entity Too Large</h1></html>', { status: 413 })

/** A server that never answers. */
const silence: typeof globalThis.fetch = (_, options) =>
  new Promise((_resolve, reject) => {
    options?.signal?.addEventListener('abort', () => reject(new Error('timed out')))
  })

describe('a request', () => {
  test('carries Basic credentials in UTF-8, and JSON with its length', async () => {
    const credentials = { kind: 'basic', username: 'ann', password: 'pä:ss' } as const
    await createTransport({ trackingUri: server.url, credentials }).json(
      'POST',
      '/api/2.0/mlflow/experiments/create',
      {
        json: { name: 'é' },
      },
    )
    const { headers, body } = server.requests.at(-1) ?? { headers: {}, body: Buffer.alloc(0) }
    expect(headers.authorization).toBe(`Basic ${Buffer.from('ann:pä:ss').toString('base64')}`)
    expect(headers['content-length']).toBe(String(body.length))
    expect(headers['content-encoding']).toBeUndefined()
  })

  test('carries a token as bearer', async () => {
    const credentials = { kind: 'bearer', token: 't0k' } as const
    await createTransport({ trackingUri: server.url, credentials }).json(
      'POST',
      '/api/2.0/mlflow/runs/search',
      { json: {} },
    )
    expect(server.requests.at(-1)?.headers.authorization).toBe('Bearer t0k')
  })
})

describe('a failure', () => {
  test('says what the server said, with its code and request id', async () => {
    await expect(
      transport.json('GET', '/api/2.0/mlflow/runs/get', { query: { run_id: 'x' } }),
    ).rejects.toMatchObject({
      name: 'MlflowError',
      status: 404,
      errorCode: 'RESOURCE_DOES_NOT_EXIST',
      retryable: false,
      requestId: 'req-1',
      message: expect.stringContaining('no such run'),
    })
  })

  test.each([408, 429, 500, 502, 503, 504])('with status %i may be repeated', async (status) => {
    server.misbehave = () => status
    await expect(call()).rejects.toMatchObject({ status, retryable: true })
  })

  test.each([
    [401, 'SOEN_AUTH_REJECTED', 'caller'],
    [403, 'SOEN_AUTH_REJECTED', 'wait'],
    [413, 'SOEN_NOT_MLFLOW', 'size'],
    [302, 'SOEN_TRACKING_URI_REDIRECTS', 'wait'],
    [400, 'SOEN_NOT_MLFLOW', 'wait'],
    [404, 'SOEN_NOT_MLFLOW', 'wait'],
    [521, 'SOEN_SERVER_ERROR', 'wait'],
  ])('that is a page with status %i is %s: %s', async (status, code, verdict) => {
    server.misbehave = () => ({ status, body: '<html>Please sign in</html>' })
    await expect(call()).rejects.toMatchObject({ status, code, verdict })
  })

  test('that is 413, of whatever stands in between, names the limit to raise', async () => {
    const small = createTransport({ trackingUri: server.url, fetch: proxy })
    await expect(small.json('GET', '/x')).rejects.toThrow('answered 413: the request is larger than a proxy')
    await expect(small.json('GET', '/x')).rejects.toThrow('client_max_body_size')
  })

  test('of the connection names the server and keeps the cause', async () => {
    server.misbehave = () => 'reset'
    await expect(call()).rejects.toMatchObject({
      code: 'SOEN_SERVER_UNREACHABLE',
      status: 0,
      retryable: true,
      message: expect.stringContaining(server.url),
      cause: expect.any(Error),
    })
  })

  test('is also a login page with status 200: it acknowledges nothing', async () => {
    server.misbehave = () => 'html'
    await expect(call()).rejects.toMatchObject({ code: 'SOEN_NOT_MLFLOW', retryable: true })
  })

  test('is an answer that does not come in time', async () => {
    const slow = createTransport({ trackingUri: server.url, timeoutMs: 5, fetch: silence })
    // The platform's own timer for this does not keep a process alive, but the test must stay alive.
    const alive = setTimeout(() => {}, 10_000)
    await expect(slow.json('GET', '/x')).rejects.toMatchObject({
      code: 'SOEN_SERVER_UNREACHABLE',
      retryable: true,
    })
    clearTimeout(alive)
  })
})
