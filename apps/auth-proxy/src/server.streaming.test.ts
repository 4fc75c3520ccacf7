import type { RequestListener } from 'node:http'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { openAuthProxy } from './testing/auth-proxy.ts'

const path = '/api/2.0/mlflow-artifacts/artifacts/1/r/artifacts/model.ckpt'
const mebibyte = 1024 * 1024
const gibibyte = 1024 * mebibyte
/** Far below the size of the stream, far above what the garbage collector leaves lying around. */
const maxGrowthBytes = 300 * mebibyte

function* zeros(sizeBytes: number): Generator<Uint8Array> {
  const chunk = new Uint8Array(256 * 1024)
  for (let sent = 0; sent < sizeBytes; sent += chunk.length) yield chunk
}

const countUpload: RequestListener = (request, response) => {
  let size = 0
  request.on('data', (chunk: Buffer) => (size += chunk.length)).on('end', () => response.end(String(size)))
}

async function growthDuring(work: () => Promise<void>): Promise<number> {
  const before = process.memoryUsage.rss()
  let peak = before
  const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 20)
  await work()
  clearInterval(timer)
  return peak - before
}

describe('an artifact of 1 GiB', () => {
  it('goes up in constant memory', async () => {
    await using door = await openAuthProxy({ mlflow: countUpload })
    const growth = await growthDuring(async () => {
      const body = Readable.toWeb(Readable.from(zeros(gibibyte))) as ReadableStream<Uint8Array>
      const response = await door.fetch(path, { method: 'PUT', body, duplex: 'half' })
      expect(await response.text()).toBe(String(gibibyte))
    })
    expect(growth).toBeLessThan(maxGrowthBytes)
  })

  it('comes down in constant memory, to a reader slower than MLflow', async () => {
    await using door = await openAuthProxy({
      mlflow: (_request, response) => {
        response.setHeader('content-length', gibibyte)
        Readable.from(zeros(gibibyte)).pipe(response)
      },
    })
    let size = 0
    const growth = await growthDuring(async () => {
      const response = await door.fetch(path)
      for await (const chunk of response.body ?? []) {
        if (size === 0) await new Promise((resolve) => setTimeout(resolve, 300))
        size += chunk.length
      }
    })
    expect(size).toBe(gibibyte)
    expect(growth).toBeLessThan(maxGrowthBytes)
  })
})

describe('an upload', () => {
  it('keeps its length when it has one', async () => {
    await using door = await openAuthProxy({ mlflow: countUpload })
    const response = await door.fetch(path, { method: 'PUT', body: new Uint8Array(5) })
    expect(await response.text()).toBe('5')
    expect(door.upstream.requests[0]?.headers['content-length']).toBe('5')
  })

  it('may be an empty file', async () => {
    await using door = await openAuthProxy({ mlflow: countUpload })
    const response = await door.fetch(path, { method: 'PUT', body: new Uint8Array(0) })
    expect([response.status, await response.text()]).toEqual([200, '0'])
  })

  it('may be compressed: the bytes are the file', async () => {
    await using door = await openAuthProxy({ mlflow: countUpload })
    const headers = { 'content-encoding': 'gzip' }
    const response = await door.fetch(path, { method: 'PUT', headers, body: new Uint8Array(7) })
    expect(await response.text()).toBe('7')
    expect(door.upstream.requests[0]?.headers['content-encoding']).toBe('gzip')
  })
})
