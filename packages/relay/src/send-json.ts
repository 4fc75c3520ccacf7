import type { ServerResponse } from 'node:http'

/** Respond with JSON, given as an object or as text. */
export function sendJson(response: ServerResponse, body: object | string, status = 200): void {
  const json = typeof body === 'string' ? body : JSON.stringify(body)
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) }
  response.writeHead(status, headers).end(json)
}
