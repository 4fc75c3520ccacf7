import { apiDestinations } from '../api/api.ts'
import type { ApiPlace } from '../api/api.ts'
import type { Site } from '../destination/own-route.ts'
import type { Setup } from '../actions/setup.ts'
import { pageDestinations } from './pages.ts'
import { redirectTo } from './redirect.ts'
import { showRefusal } from './refusal-page.ts'

/** Builds the pages and the API over one identity. */
export function buildSite(
  identity: ApiPlace['identity'],
  setup: Setup,
  { auditFolder }: Pick<ApiPlace, 'auditFolder'> = {},
): Site {
  return {
    routes: [...pageDestinations(identity, setup), ...apiDestinations({ identity, auditFolder })],
    refuse(refusal, method, target) {
      if (refusal.status !== 401) return showRefusal(refusal)
      if (setup.isOpen && identity.directory.isEmpty) return redirectTo('/_soen/setup')
      // What was sent is lost with the session: back to the page with its form.
      const back = method === 'GET' ? target : '/_soen/account'
      return redirectTo(`/_soen/sign-in?return=${encodeURIComponent(back)}`)
    },
  }
}
