import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, it, vi } from 'vitest'
import { basic, openAuthProxy } from './testing/auth-proxy.ts'

const path = '/api/2.0/mlflow-artifacts/artifacts/1/r/artifacts/model.ckpt'
/** Longer than it takes on a machine that is busy with other tests. */
const patience = { timeout: 60_000 }
const head = (method: string): string =>
  `${method} ${path} HTTP/1.1\r\nhost: localhost\r\nauthorization: ${basic('ada')}\r\n`

it('stops MLflow from sending to a client that left', async () => {
  const stopped = Promise.withResolvers<number>()
  let sentBytes = 0
  await using door = await openAuthProxy({
    mlflow(_request, response) {
      const timer = setInterval(() => {
        response.write(Buffer.alloc(1000))
        sentBytes += 1000
      }, 1)
      response.once('close', () => {
        clearInterval(timer)
        stopped.resolve(sentBytes)
      })
    },
  })
  const socket = connect(door.port, '127.0.0.1')
  socket.write(`${head('GET')}\r\n`)
  await once(socket, 'data')
  socket.destroy()
  expect(await stopped.promise).toBeGreaterThan(0)
})

it('breaks off an upload whose client left, so that MLflow does not keep half a file', async () => {
  const brokenOff = Promise.withResolvers<boolean>()
  await using door = await openAuthProxy({
    mlflow: (request) => {
      request.resume().once('close', () => brokenOff.resolve(!request.complete))
      request.once('error', () => undefined)
    },
  })
  const socket = connect(door.port, '127.0.0.1')
  socket.write(`${head('PUT')}content-length: 1000000\r\n\r\nfirst bytes`)
  await vi.waitFor(() => expect(door.upstream.hits).toHaveLength(1), patience)
  socket.destroy()
  expect(await brokenOff.promise).toBe(true)
})

it('forgets a client that left before its API call was whole, and serves the next', async () => {
  await using door = await openAuthProxy()
  const socket = connect(door.port, '127.0.0.1')
  socket.write(
    `POST /api/2.0/mlflow/runs/create HTTP/1.1\r\nhost: localhost\r\nauthorization: ${basic('ada')}\r\nexpect: 100-continue\r\ncontent-length: 100\r\n\r\n`,
  )
  // The caller is authenticated, and the body is waited for.
  expect(String(await once(socket, 'data'))).toMatch(/^HTTP\/1.1 100 /)
  await new Promise((resolve) => socket.write('{"half', resolve))
  socket.destroy()
  await vi.waitFor(
    () => expect(door.log.some((line) => line.includes('"brokenOff":true'))).toBe(true),
    patience,
  )
  expect(door.upstream.hits).toEqual([])
  expect((await door.fetch('/version')).status).toBe(200)
  expect(door.log.map((line) => JSON.parse(line).level)).not.toContain(50)
})

it('survives a client that resets', async () => {
  await using door = await openAuthProxy()
  const socket = connect(door.port, '127.0.0.1')
  await once(socket, 'connect')
  socket.resetAndDestroy()
  expect((await door.fetch('/version')).status).toBe(200)
})
