import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Refusal } from '../errors/refusals.ts'
import { isBrowser, isPageLoad } from '../http/browser.ts'
import { writeAnswer } from './answers.ts'
import type { Site } from './own-route.ts'

/** A refused request, with the id by which the log knows it. */
interface Refused {
  readonly id: string
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/** Ends a request: with a page for people, with MLflow's error shape for programs. */
export function answerRefusal(
  refusal: Refusal,
  { id, request, response }: Refused,
  site: Site | undefined,
): void {
  const { 'www-authenticate': challenge, ...headers } = refusal.headers
  const common = { ...headers, 'x-request-id': id }
  if (site !== undefined && isPageLoad(request.headers)) {
    const page = site.refuse(refusal, request)
    writeAnswer(response, { ...page, headers: { ...common, ...page.headers } })
    return
  }
  // A browser would show its own password dialogue, and from then on send the password with every request,
  // from any site.
  const isAsked = challenge !== undefined && (site === undefined || !isBrowser(request.headers))
  writeAnswer(response, {
    status: refusal.status,
    headers: {
      ...common,
      'content-type': 'application/json; charset=utf-8',
      ...(isAsked ? { 'www-authenticate': challenge } : {}),
    },
    body: refusal.body,
  })
}
