import type { SiteAnswer } from '../site/site-request.ts'

/** Leads a browser elsewhere on this server, by GET. */
export function redirectTo(path: string, headers: SiteAnswer['headers'] = {}): SiteAnswer {
  return { status: 303, headers: { location: path, ...headers }, body: '' }
}
