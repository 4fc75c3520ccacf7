import { connect } from 'node:net'
import { text } from 'node:stream/consumers'

/** A response, split at its blank line. */
export interface RawAnswer {
  readonly status: number
  readonly head: string
  readonly body: string
}

/** Sends bytes that no well-behaved client would send, and reads until the server closes. */
export async function sendRaw(port: number, lines: readonly string[], body = ''): Promise<RawAnswer> {
  const socket = connect(port, '127.0.0.1')
  socket.write(Buffer.from([...lines, 'connection: close', '', body].join('\r\n'), 'latin1'))
  const answer = await text(socket)
  const [head = '', ...rest] = answer.split('\r\n\r\n')
  return { status: Number(head.split(' ')[1]), head: head.toLowerCase(), body: rest.join('\r\n\r\n') }
}
