import { request } from 'undici'

interface Init {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string
}

/**
 * `fetch` that follows no redirects and doesn't send `Sec-Fetch-Mode`, with which Node's own looks like a browser.
 */
export async function plainFetch(
  url: string,
  { method = 'GET', headers = {}, body }: Init = {},
): Promise<Response> {
  const answer = await request(url, { method, headers, body: body ?? null })
  const received = new Headers()
  for (const [name, values] of Object.entries(answer.headers)) {
    for (const value of [values].flat()) if (value !== undefined) received.append(name, value)
  }
  const bytes = await answer.body.arrayBuffer()
  const hasNoBody = answer.statusCode === 204 || answer.statusCode === 304
  return new Response(hasNoBody ? null : bytes, { status: answer.statusCode, headers: received })
}
