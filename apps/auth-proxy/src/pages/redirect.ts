import type { OwnAnswer } from '../destination/own-route.ts'

/** Redirects a browser to another path of this server, by GET. */
export function redirectTo(path: string, headers: OwnAnswer['headers'] = {}): OwnAnswer {
  return { status: 303, headers: { location: path, ...headers }, body: '' }
}
