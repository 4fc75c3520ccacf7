import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { pipeline } from 'node:stream'

/** A forwarded port to a server on loopback, which can be closed and opened again. */
export interface TcpDoor extends AsyncDisposable {
  /** Refuses new connections from now on, and closes existing ones. */
  shut(): Promise<void>
  open(): Promise<void>
}

/** Forwards a port on another address of this machine to the same port on 127.0.0.1. */
export async function openTcpDoor(address: string, port: number): Promise<TcpDoor> {
  const inside = new Set<Socket>()
  let server: Server | undefined
  const shut = async (): Promise<void> => {
    const closed = server?.close()
    server = undefined
    for (const socket of inside) socket.destroy()
    if (closed !== undefined) await once(closed, 'close')
  }
  const open = async (): Promise<void> => {
    server = createServer((client) => {
      inside.add(client.once('close', () => inside.delete(client)))
      const upstream = connect(port, '127.0.0.1')
      pipeline(client, upstream, client, () => {
        client.destroy()
        upstream.destroy()
      })
    })
    server.listen(port, address)
    await once(server, 'listening')
  }
  await open()
  return { shut, open, [Symbol.asyncDispose]: shut }
}
