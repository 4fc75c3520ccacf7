import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { pipeline } from 'node:stream'

/** A loopback TCP port that is connected to a unix socket, for clients that only support TCP. */
export interface LoopbackBridge extends AsyncDisposable {
  readonly url: string
}

/** Connects a free port on 127.0.0.1 to a unix socket. */
export async function bridgeToSocket(socketPath: string): Promise<LoopbackBridge> {
  const open = new Set<Socket>()
  // MLflow sends a response's head and body separately; the body must not wait until the head is acknowledged.
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect(socketPath)
    open.add(client.once('close', () => open.delete(client)))
    pipeline(client, upstream, client, () => {
      client.destroy()
      upstream.destroy()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port was given')
  return {
    url: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.close()
      for (const client of open) client.destroy()
      await once(server, 'close')
    },
  }
}
