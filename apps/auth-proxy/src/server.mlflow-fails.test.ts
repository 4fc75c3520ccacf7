import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { openAuthProxy } from './testing/auth-proxy.ts'

const path = '/api/2.0/mlflow/experiments/search'

describe('when MLflow', () => {
  it('is down, the client hears 503, and /ready says so', async () => {
    await using door = await openAuthProxy()
    await door.upstream[Symbol.asyncDispose]()
    const response = await door.fetch(path)
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ error_code: 'TEMPORARILY_UNAVAILABLE' })
    const ready = await fetch(`${door.url}/ready`)
    expect([ready.status, await ready.json()]).toEqual([
      503,
      { status: 'not ready', parts: { mlflow: 'down', state: 'up' } },
    ])
    expect(ready.headers.get('retry-after')).toBe('5')
  })

  it('is down, a large upload ends with 503 too, and the door stays open', async () => {
    await using door = await openAuthProxy()
    await door.upstream[Symbol.asyncDispose]()
    const body = new Uint8Array(20_000_000)
    const response = await door.fetch('/api/2.0/mlflow-artifacts/artifacts/1/f', { method: 'PUT', body })
    expect(response.status).toBe(503)
    expect((await door.fetch('/_soen/whoami')).status).toBe(200)
  })

  it('dies in the middle of an upload, the client hears 502', async () => {
    await using door = await openAuthProxy({
      mlflow: (request) => void request.once('data', () => request.socket.destroy()),
    })
    const body = new Uint8Array(20_000_000)
    const response = await door.fetch('/api/2.0/mlflow-artifacts/artifacts/1/f', { method: 'PUT', body })
    expect(response.status).toBe(502)
    expect((await door.fetch('/_soen/whoami')).status).toBe(200)
  })

  it('resets the connection before an answer, the client hears 502', async () => {
    await using door = await openAuthProxy({ mlflow: (request) => void request.socket.destroy() })
    const response = await door.fetch(path)
    expect(response.status).toBe(502)
    expect(await response.json()).toMatchObject({ message: expect.stringContaining('SOEN_MLFLOW_BROKE_OFF') })
  })

  it('breaks one connection, a read is repeated once', async () => {
    await using door = await openAuthProxy({
      mlflow: (request, response) =>
        door.upstream.hits.length === 1 ? request.socket.destroy() : response.end('{}'),
    })
    expect((await door.fetch(path)).status).toBe(200)
    expect(door.upstream.hits).toHaveLength(2)
  })

  it('breaks off again and again, a read is repeated no more than once', async () => {
    await using door = await openAuthProxy({ mlflow: (request) => void request.socket.destroy() })
    expect((await door.fetch(path)).status).toBe(502)
    expect(door.upstream.hits).toHaveLength(2)
  })

  it('breaks off in a change, that is not repeated: MLflow may have made it', async () => {
    await using door = await openAuthProxy({ mlflow: (request) => void request.socket.destroy() })
    const headers = { 'content-type': 'application/json' }
    const create = { method: 'POST', headers, body: '{"name":"x"}' }
    expect((await door.fetch('/api/2.0/mlflow/experiments/create', create)).status).toBe(502)
    expect(door.upstream.hits).toEqual(['POST /api/2.0/mlflow/experiments/create'])
  })

  it('answers no HTTP, the client hears 502', async () => {
    await using door = await openAuthProxy({ mlflow: (request) => void request.socket.end('what?\r\n\r\n') })
    expect((await door.fetch(path)).status).toBe(502)
  })

  it('dies in the middle of an answer, the client does not take the part for the whole', async () => {
    await using door = await openAuthProxy({
      mlflow: (_request, response) => {
        response.write('half of it')
        setTimeout(() => response.destroy(), 20)
      },
    })
    const response = await door.fetch(path)
    expect(response.status).toBe(200)
    await expect(response.text()).rejects.toThrow('terminated')
  })

  it('says nothing for too long, the client hears 504', async () => {
    await using door = await openAuthProxy({ mlflow: () => undefined, upstreamIdleMs: 1000 })
    const response = await door.fetch(path)
    expect(response.status).toBe(504)
    expect(await response.json()).toMatchObject({ message: expect.stringContaining('SOEN_MLFLOW_SLOW') })
  })

  it('is slow but keeps sending, nothing is cut off', async () => {
    await using door = await openAuthProxy({
      upstreamIdleMs: 1500,
      async mlflow(_request, response) {
        for (let part = 0; part < 6; part += 1) {
          response.write(`${part}`)
          await delay(500)
        }
        response.end()
      },
    })
    const response = await door.fetch(path)
    expect(await response.text()).toBe('012345')
  })

  it('comes back on the same socket, requests pass again', async () => {
    await using door = await openAuthProxy()
    expect((await door.fetch(path)).status).toBe(200)
    for (const request of door.upstream.requests) request.socket.destroy()
    await delay(20)
    expect((await door.fetch(path)).status).toBe(200)
  })

  it('answers with its own error, that passes unchanged', async () => {
    const error = '{"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "No such run"}'
    await using door = await openAuthProxy({
      mlflow: (_request, response) =>
        void response.writeHead(404, { 'content-type': 'application/json' }).end(error),
    })
    const response = await door.fetch(path)
    expect([response.status, await response.text()]).toEqual([404, error])
  })
})
