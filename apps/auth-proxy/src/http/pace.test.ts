import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { Readable } from 'node:stream'
import { afterEach, assert, beforeEach, describe, expect, it, vi } from 'vitest'
import { ClientLeft } from '../errors/client-left.ts'
import { watchFlow } from './pace.ts'
import type { Pace } from './pace.ts'
import { formText, streamedBody, wholeBody } from './request-body.ts'

const pace = { windowMs: 50, floorBytes: 100 }
const slow = expect.objectContaining({ code: 'SOEN_BODY_SLOW' })

interface Upload extends AsyncDisposable {
  readonly client: Socket
  readonly request: IncomingMessage
}

/** Starts an upload: the head is sent, and the body is left to the test. */
async function startUpload(length: number | 'chunked'): Promise<Upload> {
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const client = connect(port, '127.0.0.1')
  client.on('error', () => undefined)
  const size = length === 'chunked' ? 'transfer-encoding: chunked' : `content-length: ${length}`
  client.write(`PUT / HTTP/1.1\r\nhost: localhost\r\n${size}\r\n\r\n`)
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

const callBody = (request: IncomingMessage, given?: Pace): Promise<Buffer> =>
  wholeBody(request, { maxBytes: 1e6, ...(given === undefined ? {} : { pace: given }) })

/** Sends a little now and then, like a client that only wants to hold a connection. */
function trickle(client: Socket): NodeJS.Timeout {
  return setInterval(() => client.write('x'), 10)
}

describe('a body that trickles in', () => {
  it.each([
    ['of a call', callBody],
    ['of a form, which anybody may send', formText],
  ])('is refused where it is held: %s', async (_what, read) => {
    await using upload = await startUpload(1000)
    const timer = trickle(upload.client)
    await expect(read(upload.request, pace)).rejects.toThrow(slow)
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
  expect((await callBody(upload.request, pace)).length).toBe(20_000)
  clearInterval(timer)
})

it('says that its sender left in the midst of it', async () => {
  await using upload = await startUpload(1000)
  const body = callBody(upload.request)
  upload.client.resetAndDestroy()
  await expect(body).rejects.toThrow(ClientLeft)
})

it('says that its sender left before it was read', async () => {
  await using upload = await startUpload(1000)
  const left = new Promise((resolve) => upload.request.once('error', () => undefined).once('close', resolve))
  upload.client.resetAndDestroy()
  await left
  await expect(callBody(upload.request)).rejects.toThrow(ClientLeft)
})

it('puts a form together, also when a character arrives in two pieces', async () => {
  const bytes = Buffer.from('{"name":"Zoë"}')
  await using upload = await startUpload(bytes.length)
  upload.client.write(bytes.subarray(0, 12))
  setTimeout(() => upload.client.write(bytes.subarray(12)), 20)
  expect(await formText(upload.request)).toBe('{"name":"Zoë"}')
})

it('keeps nothing that no form of ours can be, whatever length was said', async () => {
  const tooLarge = expect.objectContaining({ code: 'SOEN_FORM_TOO_LARGE', status: 413 })
  await using upload = await startUpload(64 * 1024 + 1)
  await expect(formText(upload.request)).rejects.toThrow(tooLarge)
  await using chunked = await startUpload('chunked')
  chunked.client.write(`10001\r\n${'x'.repeat(64 * 1024 + 1)}\r\n`)
  await expect(formText(chunked.request)).rejects.toThrow(tooLarge)
})

it('holds it against nobody that MLflow takes no more for the moment', async () => {
  await using upload = await startUpload(1_000_000)
  const { content } = streamedBody(upload.request, pace)
  upload.client.write(Buffer.alloc(1_000_000))
  await new Promise((resolve) => setTimeout(resolve, 10 * pace.windowMs))
  expect(content).toMatchObject({ destroyed: false })
})

/** Whether a client with so many bytes per second is cut off, given the seconds in which it is waited for. */
function isEnded(bytesPerS: number, isAwaited: (second: number) => boolean = () => true): boolean {
  let [second, isTooSlow] = [0, false]
  const flow = { bytes: () => second * bytesPerS, isAwaited: () => isAwaited(second) }
  const stop = watchFlow(flow, { windowMs: 30_000, floorBytes: 30_000 }, () => (isTooSlow = true))
  for (second = 1; second <= 300; second += 1) vi.advanceTimersByTime(1000)
  stop()
  return isTooSlow
}

describe('a client that is waited for', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('is ended when it stays below the floor', () => {
    expect([0, 10, 900].map((rate) => isEnded(rate))).toEqual([true, true, true])
  })

  it('goes on at the floor', () => {
    expect([1000, 50_000].map((rate) => isEnded(rate))).toEqual([false, false])
  })

  it('is measured only over time in which nobody else was waited for', () => {
    expect(isEnded(0, (second) => second % 20 !== 0)).toBe(false)
    expect(isEnded(0, (second) => second > 100)).toBe(true)
  })
})
