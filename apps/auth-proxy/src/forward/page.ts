import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Dispatcher } from 'undici'
import type { Call } from '../canonical/call.ts'
import { clientHeaders } from './response-headers.ts'

/** Whether a request is for the page that MLflow's whole interface runs in. */
export function isPage({ method }: IncomingMessage, { route }: Call): boolean {
  return route.name === 'GET /' && method === 'GET'
}

/** Sends MLflow's page with something of ours before its own scripts; false leaves the request to be forwarded. */
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

/** Undefined for whatever is not that page: that is forwarded, and told. */
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
    // These speak of MLflow's own bytes, which are not what is sent.
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
