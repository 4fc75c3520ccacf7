import { apiDestinations } from '../api/api.ts'
import type { ApiPlace } from '../api/api.ts'
import type { OwnRequest, Site } from '../destination/own-route.ts'
import type { Setup } from '../actions/setup.ts'
import { headOfMlflow } from './mlflow-head.ts'
import { pageDestinations } from './pages.ts'
import { readerOf } from './reader.ts'
import type { Reader } from './reader.ts'
import { redirectTo } from './redirect.ts'
import { showRefusal } from './refusal-page.ts'

/** What the pages and the API know about the server around them. */
interface Surroundings extends Pick<ApiPlace, 'auditFolder' | 'auditSignatures'> {
  /** The team's current name. */
  readonly teamName?: () => string | undefined
}

/** Builds the pages and the API over one identity. */
export function buildSite(
  identity: ApiPlace['identity'],
  setup: Setup,
  { auditFolder, auditSignatures, teamName }: Surroundings = {},
): Site {
  const read = (request: Pick<OwnRequest, 'headers'>): Reader => readerOf(request, teamName?.())
  return {
    routes: [
      ...pageDestinations(identity, setup, read),
      ...apiDestinations({ identity, auditFolder, auditSignatures }),
    ],
    headOfMlflow,
    refuse(refusal, { method, url, headers }) {
      if (refusal.status !== 401) return showRefusal(refusal, read({ headers }))
      if (setup.isOpen && identity.directory.isEmpty) return redirectTo('/_soen/setup')
      // What a form sent is lost with the session: after signing in, the user is back at the account page.
      const back = method === 'GET' ? (url ?? '') : '/_soen/account'
      return redirectTo(`/_soen/sign-in?return=${encodeURIComponent(back)}`)
    },
  }
}
