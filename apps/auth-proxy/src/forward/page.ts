import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Dispatcher } from 'undici'
import type { Call } from '../canonical/call.ts'
import { clientHeaders } from './response-headers.ts'

/** Whether a request is for the HTML page that runs MLflow's whole interface. */
export function isPage({ method }: IncomingMessage, { route }: Call): boolean {
  return route.name === 'GET /' && method === 'GET'
}

/** Sends MLflow's page with our HTML before its own scripts; false leaves the request to be forwarded. */
export async function answerPage(
  upstream: Dispatcher,
  response: ServerResponse,
  head: string,
): Promise<boolean> {
  const page = await fetchPage(upstream)
  if (page === undefined) return false
  const body = Buffer.from(page.text.replace('<head>', () => `<head>${head}`))
  response.writeHead(200, { ...page.headers, 'content-length': body.length }).end(body)
  return true
}

/** Undefined unless the response is that page; anything else is forwarded, so that its client learns why. */
async function fetchPage(
  upstream: Dispatcher,
): Promise<{ text: string; headers: ReturnType<typeof clientHeaders> } | undefined> {
  try {
    const { statusCode, headers, body } = await upstream.request({
      path: '/',
      method: 'GET',
      headers: { host: 'localhost', 'x-forwarded-for': '127.0.0.1', 'accept-encoding': 'identity' },
    })
    const text = await body.text()
    if (statusCode !== 200) return undefined
    // These headers describe MLflow's own bytes, which are not what we send.
    const {
      etag: _tag,
      'last-modified': _time,
      'accept-ranges': _ranges,
      ...kept
    } = clientHeaders(headers, false)
    return { text, headers: kept }
  } catch {
    return undefined
  }
}
