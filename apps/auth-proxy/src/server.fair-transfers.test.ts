import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, it, vi } from 'vitest'
import { basic, openAuthProxy } from './testing/auth-proxy.ts'
import type { AuthProxy } from './testing/auth-proxy.ts'

const file = '/api/2.0/mlflow-artifacts/artifacts/1/r/artifacts'
const patience = { timeout: 60_000 }
const transfers = { total: 3, perUser: 2, waitMs: 60_000, patienceMs: 100 }

/** Begins an upload that never ends. */
function trickle(door: AuthProxy, user: string, name: string): Socket {
  const socket = connect(door.port, '127.0.0.1')
  socket.on('error', () => undefined)
  const head = [`PUT ${file}/${name} HTTP/1.1`, 'host: localhost', `authorization: ${basic(user)}`]
  socket.write(`${head.join('\r\n')}\r\ncontent-length: 1000000000\r\nconnection: close\r\n\r\nx`)
  return socket
}

const reached = (door: AuthProxy, count: number): Promise<void> =>
  vi.waitFor(() => expect(door.upstream.hits).toHaveLength(count), patience)

/** A fake MLflow that answers downloads at once, and uploads when they are complete. */
async function openDoor(): Promise<AuthProxy> {
  return await openAuthProxy({
    forwarding: { transfers },
    lingerMs: 50,
    mlflow(request, response) {
      request.on('error', () => undefined)
      if (request.method === 'GET') response.end('bytes')
      else request.resume().once('end', () => response.end('{}'))
    },
  })
}

it('has the slowest upload of who has the most leave for who waits, and says why', async () => {
  await using door = await openDoor()
  const fast = trickle(door, 'ada', 'fast')
  const slow = trickle(door, 'ada', 'slow')
  const other = trickle(door, 'bob', 'other')
  await reached(door, 3)
  const fed = setInterval(() => fast.write(Buffer.alloc(10_000)), 5)
  const answer = text(slow)
  const download = await door.fetch(`${file}/model`, { headers: { authorization: basic('vic') } })
  expect(await download.text()).toBe('bytes')
  expect(await answer).toMatch(/^HTTP\/1\.1 503 [^]*SOEN_TRANSFER_ENDED/)
  expect([fast.destroyed, other.destroyed]).toEqual([false, false])
  clearInterval(fed)
  for (const socket of [fast, other]) socket.destroy()
})
