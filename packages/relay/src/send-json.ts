import type { ServerResponse } from 'node:http'

/** Answer with JSON, an object or its text. */
export function sendJson(response: ServerResponse, body: object | string, status = 200): void {
  const json = typeof body === 'string' ? body : JSON.stringify(body)
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) }
  response.writeHead(status, headers).end(json)
}
