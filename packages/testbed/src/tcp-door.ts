import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { pipeline } from 'node:stream'

/** The way to a server on loopback, which can be shut and opened again. */
export interface TcpDoor extends AsyncDisposable {
  /** From now on connections are refused, and those that there are end. */
  shut(): Promise<void>
  open(): Promise<void>
}

/** Opens a port of another address of this machine, which leads to the same port on 127.0.0.1. */
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
