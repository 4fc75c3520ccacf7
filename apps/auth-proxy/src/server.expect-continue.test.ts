import { once } from 'node:events'
import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { basic, openAuthProxy } from './testing/auth-proxy.ts'

const path = '/api/2.0/mlflow-artifacts/artifacts/1/r/artifacts/model.ckpt'

/** A client that waits for leave before it sends, as curl does with more than 1 MiB. */
function ask(port: number, authorization: string): ReturnType<typeof request> {
  const headers = { authorization, expect: '100-continue', 'content-length': 5 }
  const client = request({ host: '127.0.0.1', port, path, method: 'PUT', headers })
  client.flushHeaders()
  return client
}

it('tells a signed-in client to go on, and MLflow nothing of it', async () => {
  await using door = await openAuthProxy({
    mlflow: (incoming, response) => void text(incoming).then((body) => response.end(`got ${body}`)),
  })
  const client = ask(door.port, basic('ada'))
  await once(client, 'continue')
  client.end('12345')
  const [response] = (await once(client, 'response')) as [IncomingMessage]
  expect(await text(response)).toBe('got 12345')
  expect(door.upstream.requests[0]?.headers.expect).toBeUndefined()
})

it('spares a client that is refused the upload', async () => {
  await using door = await openAuthProxy({ lingerMs: 20 })
  const client = ask(door.port, basic('ada', 'wrong password'))
  let wasToldToGoOn = false
  client.once('continue', () => (wasToldToGoOn = true))
  const [response] = (await once(client, 'response')) as [IncomingMessage]
  expect([response.statusCode, wasToldToGoOn]).toEqual([401, false])
  client.once('error', () => undefined).destroy()
})
