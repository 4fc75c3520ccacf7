import type { IncomingMessage } from 'node:http'
import type { FastifyReply } from 'fastify'
import type { SiteAnswer, SiteRequest } from '../site/site-request.ts'
import type { Trail } from '../audit/trail.ts'
import type { CanonicalTarget } from '../canonical/path.ts'
import { formText } from '../http/request-body.ts'
import type { Site } from './site.ts'

/** What the chain knows about a request so far. */
export interface Arrival extends Pick<SiteRequest, 'client' | 'authenticate'> {
  readonly trail: Pick<Trail, 'answered'> | undefined
  readonly raw: IncomingMessage
  readonly target: Pick<CanonicalTarget, 'path'>
}

/** Lets the site answer a request. */
export async function answerFromSite(
  site: Site,
  reply: FastifyReply,
  { raw, target, client, authenticate, trail }: Arrival,
): Promise<unknown> {
  const { search } = new URL(reply.request.originalUrl, 'http://site')
  const answer = await site.answer({
    ...{ method: raw.method ?? 'GET', path: target.path, query: new URLSearchParams(search) },
    ...{ headers: raw.headers, client, authenticate },
    readBody() {
      if (raw.headers.expect !== undefined) reply.raw.writeContinue()
      return formText(raw)
    },
  })
  trail?.answered(answer)
  return sendAnswer(reply.header('cache-control', 'no-store'), answer)
}

/** Writes an answer of the site. */
export function sendAnswer(reply: FastifyReply, { status, headers, body }: SiteAnswer): FastifyReply {
  for (const [name, value] of Object.entries(headers)) reply.header(name, value)
  return reply.code(status).send(body)
}
