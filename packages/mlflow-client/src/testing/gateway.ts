import { once } from 'node:events'
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'

/** The statuses of pages with which gateways, load balancers and captive portals answer in a server's place. */
export const PAGES = [200, 400, 403, 404, 413, 502] as const

/** A request on its way to the server behind the gateway. */
interface PassingRequest {
  readonly method: string
  readonly path: string
  readonly body: Buffer
}

/** A gateway in front of a real server that answers some requests with a page of its own. */
export interface Gateway extends AsyncDisposable {
  readonly url: string
  /** Called for each request: the status of the page that answers it; undefined forwards it. */
  answer: (request: PassingRequest) => number | undefined
}

/** Start a gateway in front of a server. */
export async function startGateway(target: string): Promise<Gateway> {
  const server = createServer((incoming, response) => void serve(incoming, response))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  const gateway: Gateway = {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    answer: () => undefined,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
  return gateway

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '/', headers } = incoming
    // Cut off before its end: not a request.
    const body = await buffer(incoming).catch(() => undefined)
    if (body === undefined) return
    const status = gateway.answer({ method, path, body })
    if (status !== undefined) {
      response.writeHead(status, { 'content-type': 'text/html' })
      return void response.end(`<html><body>The gateway says ${status}.</body></html>`)
    }
    const { host: _, ...kept } = headers
    const passed = request(`${target}${path}`, { method, headers: kept }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.on('error', () => response.destroy()).pipe(response)
    })
    passed.on('error', () => response.destroy()).end(body)
  }
}
