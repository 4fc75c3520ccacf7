import { answerApi } from '../api/api.ts'
import { routesAt } from '../api/routes.ts'
import type { SiteAnswer, SiteRequest } from '../site/site-request.ts'
import type { Identity } from '../identity/open-identity.ts'
import type { Setup } from '../identity/setup.ts'
import { Refusal } from '../errors/refusals.ts'
import { actions } from './actions.ts'
import { showAccount } from './account.ts'
import { showAudit } from './audit.ts'
import { originOf } from './origin.ts'
import { redirectTo } from './redirect.ts'
import { showRefusal } from './refusal-page.ts'
import { completeSetup, showSetup } from './setup-page.ts'
import { showSignIn, signIn } from './sign-in.ts'
import { style } from './style.ts'
import { showUsers } from './users.ts'
import { requireManager } from '../actions/permissions.ts'

/** The front door's own pages and API. */
export interface Site {
  /** Whether a path is ours; everything else is MLflow's. */
  readonly owns: (path: string) => boolean
  readonly answer: (request: SiteRequest) => Promise<SiteAnswer>
  /** What a person gets instead of a page: the way to sign in and back, or the reason in words. */
  readonly refuse: (refusal: Refusal, method: string, target: string) => SiteAnswer
}

/** Builds the pages and the API over one identity. */
export function buildSite(
  identity: Identity,
  setup: Setup,
  { auditFolder }: Pick<SiteRequest, 'auditFolder'> = {},
): Site {
  return {
    owns: (path) =>
      path === '/_soen' ||
      (path.startsWith('/_soen/') && path !== '/_soen/whoami') ||
      routesAt(path).length > 0,
    refuse(refusal, method, target) {
      if (refusal.status !== 401) return showRefusal(refusal)
      if (setup.isOpen && identity.directory.isEmpty) return redirectTo('/_soen/setup')
      // What was sent is lost with the session: back to the page with its form.
      const back = method === 'GET' ? target : '/_soen/account'
      return redirectTo(`/_soen/sign-in?return=${encodeURIComponent(back)}`)
    },
    answer: (request) =>
      isForApi(request.path)
        ? answerApi(identity, { ...request, auditFolder })
        : answerPage(identity, setup, request),
  }
}

function isForApi(path: string): boolean {
  return path.startsWith('/_soen/api/') || routesAt(path).length > 0
}

async function answerPage(identity: Identity, setup: Setup, request: SiteRequest): Promise<SiteAnswer> {
  const { method, path } = request
  if (method === 'GET' || method === 'HEAD') return await showOwnPage(identity, setup, request)
  if (method !== 'POST') throw new Refusal('SOEN_METHOD_NOT_ALLOWED')
  // A form of another site could sign somebody in as somebody else, so also these say where they come from.
  if (request.headers.origin === undefined && request.headers['sec-fetch-site'] === undefined) {
    throw new Refusal('SOEN_CSRF_TOKEN')
  }
  const form = new URLSearchParams(await request.readBody())
  if (path === '/_soen/sign-in') return await signIn(identity, request, form)
  if (path === '/_soen/setup') return await completeSetup(setup, form)
  const action = actions.get(path)
  if (action === undefined) throw new Refusal('SOEN_NOT_FOUND')
  return await action(identity, request, form)
}

async function showOwnPage(identity: Identity, setup: Setup, request: SiteRequest): Promise<SiteAnswer> {
  switch (request.path) {
    case '/_soen/style.css':
      return {
        status: 200,
        headers: { 'content-type': 'text/css; charset=utf-8', 'x-content-type-options': 'nosniff' },
        body: style,
      }
    case '/_soen/sign-in':
      return showSignIn()
    case '/_soen/setup':
      return setup.isOpen ? showSetup() : redirectTo('/_soen/sign-in')
    case '/_soen':
    case '/_soen/':
      return redirectTo('/_soen/account')
    case '/_soen/account': {
      const principal = await request.authenticate()
      return await showAccount({ identity, principal, origin: originOf(request) })
    }
    case '/_soen/users': {
      const principal = await request.authenticate()
      requireManager(principal)
      return await showUsers({ identity, principal })
    }
    case '/_soen/audit': {
      const principal = await request.authenticate()
      requireManager(principal)
      return await showAudit({ identity, principal }, request.query)
    }
    default:
      throw new Refusal('SOEN_NOT_FOUND')
  }
}
