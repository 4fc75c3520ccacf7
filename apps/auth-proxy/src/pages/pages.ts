import { requireAdmin } from '../actions/permissions.ts'
import { own } from '../destination/own-route.ts'
import type { OwnAnswer, OwnRequest, OwnRoute } from '../destination/own-route.ts'
import { Refusal } from '../errors/refusals.ts'
import { isSafeMethod } from '../http/limits.ts'
import type { Identity } from '../identity/open-identity.ts'
import type { Setup } from '../actions/setup.ts'
import { showAccount } from './account.ts'
import { showAudit } from './audit.ts'
import { doneIn } from './done.ts'
import { forms } from './forms.ts'
import type { Reader } from './reader.ts'
import { redirectTo } from './redirect.ts'
import { completeSetup, showSetup } from './setup-page.ts'
import { showSignIn, signIn } from './sign-in.ts'
import { style } from './style.ts'
import { showUsers } from './users.ts'
import type { Visit } from './visit.ts'

/** Determines the reader of a request. */
type Read = (request: Pick<OwnRequest, 'headers'>) => Reader
type Show = (request: OwnRequest) => OwnAnswer | Promise<OwnAnswer>
type Submit = (request: OwnRequest, form: URLSearchParams) => Promise<OwnAnswer>

/**
 * Our pages and their forms; any path below `/_soen/` without a route is refused, so that nothing there reaches
 * MLflow.
 */
export function pageDestinations(identity: Identity, setup: Setup, read: Read): readonly OwnRoute[] {
  const visit = async (request: OwnRequest): Promise<Visit> => {
    const [principal, reader] = [await request.authenticate(), read(request)]
    return { identity, principal, request, reader, done: doneIn(request, reader) }
  }
  const admin = async (request: OwnRequest): Promise<Visit> => {
    const visitor = await visit(request)
    requireAdmin(visitor.principal)
    return visitor
  }
  const signInPage: Show = (request) => {
    const reader = read(request)
    return showSignIn(reader, { done: doneIn(request, reader) })
  }
  return [
    page('/_soen/style.css', () => styleSheet),
    page('/_soen/sign-in', signInPage),
    page('/_soen/setup', (request) =>
      setup.isOpen ? showSetup(read(request)) : redirectTo('/_soen/sign-in'),
    ),
    page('/_soen', () => redirectTo('/_soen/account')),
    page('/_soen/', () => redirectTo('/_soen/account')),
    page('/_soen/account', async (request) => showAccount(await visit(request))),
    page('/_soen/users', async (request) => showUsers(await admin(request))),
    page('/_soen/audit', async (request) => showAudit(await admin(request))),
    form('/_soen/sign-in', (request, fields) => signIn(identity, request, fields, read(request))),
    form('/_soen/setup', (request, fields) => completeSetup(setup, fields, read(request))),
    ...[...forms].map(([path, answer]) =>
      form(path, async (request, fields) => answer(await visit(request), fields)),
    ),
    ...['/_soen', '/_soen/', '/_soen/{rest:path}'].map((path) =>
      own({ method: '*', path, recordedBy: 'page', answer: elsewhere }),
    ),
  ]
}

function page(path: string, show: Show): OwnRoute {
  return own({ method: 'GET', path, recordedBy: 'page', answer: async (request) => show(request) })
}

function form(path: string, submit: Submit): OwnRoute {
  const answer = async (request: OwnRequest): Promise<OwnAnswer> => {
    checkOrigin(request)
    return await submit(request, new URLSearchParams(await request.readBody()))
  }
  return own({ method: 'POST', path, recordedBy: 'path', answer })
}

/**
 * A form on another site could sign a visitor in to somebody else's account, so the origin is checked even without a
 * session.
 */
function checkOrigin({ headers }: OwnRequest): void {
  if (headers.origin === undefined && headers['sec-fetch-site'] === undefined) {
    throw new Refusal('SOEN_CSRF_TOKEN')
  }
}

const elsewhere: OwnRoute['answer'] = async (request) => {
  if (isSafeMethod(request.method)) throw new Refusal('SOEN_NOT_FOUND')
  if (request.method !== 'POST') throw new Refusal('SOEN_METHOD_NOT_ALLOWED')
  checkOrigin(request)
  throw new Refusal('SOEN_NOT_FOUND')
}

const styleSheet: OwnAnswer = {
  status: 200,
  headers: { 'content-type': 'text/css; charset=utf-8', 'x-content-type-options': 'nosniff' },
  body: style,
}
