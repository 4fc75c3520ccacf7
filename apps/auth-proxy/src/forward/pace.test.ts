import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { Readable } from 'node:stream'
import { assert, describe, expect, it } from 'vitest'
import { streamedBody, wholeBody } from './request-body.ts'

const pace = { windowMs: 50, floorBytes: 100 }
const slow = expect.objectContaining({ code: 'SOEN_BODY_SLOW' })

interface Upload extends AsyncDisposable {
  readonly client: Socket
  readonly request: IncomingMessage
}

/** Starts an upload of which the head has come and the body is up to the test. */
async function startUpload(length: number): Promise<Upload> {
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const client = connect(port, '127.0.0.1')
  client.on('error', () => undefined)
  client.write(`PUT / HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${length}\r\n\r\n`)
  const [request] = (await once(server, 'request')) as [IncomingMessage]
  return {
    client,
    request,
    async [Symbol.asyncDispose]() {
      client.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Sends a little now and then, as programs do that only want to occupy a place. */
function trickle(client: Socket): NodeJS.Timeout {
  return setInterval(() => client.write('x'), 10)
}

describe('a body that trickles in', () => {
  it('is refused where it is held', async () => {
    await using upload = await startUpload(1000)
    const timer = trickle(upload.client)
    await expect(wholeBody(upload.request, pace)).rejects.toThrow(slow)
    clearInterval(timer)
  })

  it('is refused where it goes through', async () => {
    await using upload = await startUpload(1000)
    const timer = trickle(upload.client)
    const { content } = streamedBody(upload.request, pace)
    assert(content instanceof Readable)
    const [error] = await once(content, 'error')
    expect(error).toEqual(slow)
    clearInterval(timer)
  })
})

it('lets a body come that is fast enough', async () => {
  await using upload = await startUpload(20_000)
  const timer = setInterval(() => upload.client.write(Buffer.alloc(2000)), 5)
  expect((await wholeBody(upload.request, pace)).length).toBe(20_000)
  clearInterval(timer)
})

it('holds it against nobody that MLflow takes no more for the moment', async () => {
  await using upload = await startUpload(1_000_000)
  const { content } = streamedBody(upload.request, pace)
  upload.client.write(Buffer.alloc(1_000_000))
  await new Promise((resolve) => setTimeout(resolve, 10 * pace.windowMs))
  expect(content).toMatchObject({ destroyed: false })
})
