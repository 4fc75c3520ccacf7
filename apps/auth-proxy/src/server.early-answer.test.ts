import { once } from 'node:events'
import { request } from 'node:http'
import type { IncomingMessage, RequestOptions } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { basic, openAuthProxy } from './testing/auth-proxy.ts'

const path = '/api/2.0/mlflow-artifacts/artifacts/1/r/artifacts/model.ckpt'
const sizeBytes = 16 * 1024 * 1024

/** Sends a large upload to its end with a plain client that reads the response only then, as many do. */
async function upload(
  port: number,
  options: RequestOptions,
): Promise<{ status: number | undefined; body: string }> {
  const client = request({ host: '127.0.0.1', port, path, method: 'PUT', ...options })
  const answered = once(client, 'response') as Promise<[IncomingMessage]>
  const sent = once(client, 'finish')
  client.end(Buffer.alloc(sizeBytes))
  const [response] = await answered
  await sent
  return { status: response.statusCode, body: await text(response) }
}

it('lets a client read the refusal of a large upload instead of a broken connection', async () => {
  await using door = await openAuthProxy()
  const headers = { authorization: basic('ada', 'wrong password'), 'content-length': sizeBytes }
  const { status, body } = await upload(door.port, { headers })
  expect([status, JSON.parse(body)]).toMatchObject([401, { error_code: 'UNAUTHENTICATED' }])
  expect(door.upstream.hits).toEqual([])
})

it("passes on MLflow's early answer to a large upload", async () => {
  await using door = await openAuthProxy({
    mlflow: (_request, response) => void response.writeHead(507).end('disk full'),
  })
  const headers = { authorization: basic('ada'), 'content-length': sizeBytes }
  expect(await upload(door.port, { headers })).toEqual({ status: 507, body: 'disk full' })
})

it('passes on that MLflow failed at an upload, where its name is not the reason', async () => {
  await using door = await openAuthProxy({
    mlflow: ({ method }, response) =>
      void response.writeHead(method === 'PUT' ? 500 : 404, { 'x-answer': 'own' }).end('no'),
  })
  const answer = await door.fetch(path, { method: 'PUT', body: 'bytes' })
  expect([answer.status, answer.headers.get('x-answer'), await answer.text()]).toEqual([500, 'own', 'no'])
})

it('closes on a client that goes on sending after the answer', async () => {
  await using door = await openAuthProxy({ lingerMs: 50 })
  const socket = connect(door.port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write(`PUT ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000000\r\n\r\nfirst bytes`)
  const [answer] = await once(socket, 'data')
  expect(String(answer)).toMatch(/^HTTP\/1.1 401 /)
  await once(socket, 'close')
  expect(socket.destroyed).toBe(true)
})
