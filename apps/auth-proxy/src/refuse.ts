import type { FastifyReply, FastifyRequest } from 'fastify'
import { isBrowser, isPageLoad } from './http/browser.ts'
import { hasErrorCode } from './errors/auth-proxy-error.ts'
import { sendAnswer } from './pages/answer-from-site.ts'
import type { Site } from './pages/site.ts'
import { Refusal } from './errors/refusals.ts'

/** What is answered to whatever was thrown: an error of ours in checking is a refusal, never a way in. */
export function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (hasErrorCode(error, 'FST_ERR_CTP_INVALID_MEDIA_TYPE')) return new Refusal('SOEN_BODY_TYPE', error)
  return new Refusal('SOEN_CHECK_FAILED', error)
}

/** Ends a request, for programs in MLflow's error shape, and logs what an admin must know. */
export async function answerRefusal(
  refusal: Refusal,
  request: FastifyRequest,
  reply: FastifyReply,
  site?: Site,
): Promise<void> {
  if (reply.raw.destroyed || reply.raw.headersSent) {
    // The client left while we read or waited: nobody is there to hear it, and nothing is wrong.
    reply.hijack()
    return
  }
  if (refusal.status >= 500) {
    request.log.error({ reqId: request.id, code: refusal.code, err: refusal.cause }, refusal.message)
  }
  const { 'www-authenticate': challenge, ...headers } = refusal.headers
  reply.headers({ ...headers, 'x-request-id': request.id, 'cache-control': 'no-store' })
  if (site !== undefined && isPageLoad(request.headers)) {
    await sendAnswer(reply, site.refuse(refusal, request.method, request.originalUrl))
    return
  }
  // A browser would ask for a password in a box of its own, and send it along for ever, from any site.
  const isAsked = challenge !== undefined && (site === undefined || !isBrowser(request.headers))
  await reply
    .code(refusal.status)
    .headers(isAsked ? { 'www-authenticate': challenge } : {})
    .type('application/json; charset=utf-8')
    .send(refusal.body)
}
