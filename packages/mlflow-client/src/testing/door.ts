import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { Transform } from 'node:stream'

/**
 * How connections are treated.
 *
 * - `open`: forwarded to the server behind it
 * - `shut`: cut, including those that are open
 * - `silent`: accepted, but nothing ever comes back
 * - an object: forwarded, and cut after so many bytes in one direction
 */
export type DoorMode = 'open' | 'shut' | 'silent' | Partial<Record<Direction, number>>

type Direction = 'answerBytes' | 'requestBytes'

/** A loopback port in front of a real server, which can be closed. */
export interface Door extends AsyncDisposable {
  readonly url: string
  readonly mode: DoorMode
  /** Treat connections differently from now on; open ones are cut. */
  turn(mode: DoorMode): void
}

/** Start a door in front of a server. */
export async function startDoor(target: string): Promise<Door> {
  const { hostname, port, protocol } = new URL(target)
  const open = new Set<Socket>()
  let mode: DoorMode = 'open'
  const server = createServer((client) => {
    open.add(client.on('error', () => {}).on('close', () => open.delete(client)))
    if (mode === 'shut') return void client.destroy()
    if (mode === 'silent') return void client.resume()
    const upstream = connect(Number(port), hostname).on('error', () => client.destroy())
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
    client.pipe(cutAfter(limitOf(mode, 'requestBytes'), client)).pipe(upstream)
    upstream.pipe(cutAfter(limitOf(mode, 'answerBytes'), client)).pipe(client)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  const cut = (): void => {
    for (const client of open) client.destroy()
  }
  return {
    url: `${protocol}//127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    get mode() {
      return mode
    },
    turn(next) {
      mode = next
      cut()
    },
    async [Symbol.asyncDispose]() {
      server.close()
      cut()
      await once(server, 'close')
    },
  }
}

function limitOf(mode: DoorMode, direction: Direction): number {
  return (typeof mode === 'object' ? mode[direction] : undefined) ?? Infinity
}

function cutAfter(bytes: number, client: Socket): Transform {
  let left = bytes
  return new Transform({
    transform(chunk: Buffer, _, done) {
      done(null, chunk.subarray(0, left))
      left -= chunk.length
      // Once the allowed bytes have passed.
      if (left <= 0) setImmediate(() => client.destroy())
    },
  })
}
