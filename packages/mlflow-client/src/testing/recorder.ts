import { once } from 'node:events'
import { createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http'
import { pipeline } from 'node:stream'

/**
 * What happens to a request.
 *
 * - `pass`: it is forwarded, and the response comes back
 * - `hold`: it is not forwarded, and nothing comes back
 * - `lose`: it is forwarded, and the connection is cut instead of a response
 */
type Fate = 'pass' | 'hold' | 'lose'

/** A loopback port in front of a real server, which records all requests. */
export interface Recorder extends AsyncDisposable {
  readonly url: string
  /** Every request as `PUT /path?query`, in the order in which they came. */
  readonly requests: readonly string[]
  decide: (request: string) => Fate
}

/** Start a recorder in front of a server. Requests keep the recorder's address, for which S3's are signed. */
export async function startRecorder(target: string): Promise<Recorder> {
  const { hostname, port } = new URL(target)
  const requests: string[] = []
  const server = createServer((request, response) => {
    const { method = '', url = '' } = request
    const name = `${method} ${url}`
    requests.push(name)
    const fate = recorder.decide(name)
    if (fate === 'hold') return void request.resume()
    forward(request, response, fate === 'lose')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  const recorder: Recorder = {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    requests,
    decide: () => 'pass',
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
  return recorder

  function forward(request: IncomingMessage, response: ServerResponse, isLost: boolean): void {
    const { method, url: path, headers } = request
    const upstream = send({ hostname, port, method, path, headers }, (answer) => {
      if (isLost) return void answer.resume().on('end', () => request.socket.destroy())
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
      pipeline(answer, response, () => {})
    })
    upstream.on('error', () => response.destroy())
    pipeline(request, upstream, () => {})
  }
}
