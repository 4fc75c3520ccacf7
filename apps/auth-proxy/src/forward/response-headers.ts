import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'

/** Headers that speak about one connection, not about the answer (RFC 9110, 7.6.1), and the server's name. */
const ofTheConnection: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-connection',
  'server',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** The headers of MLflow's answer as the client gets them. */
export function clientHeaders(headers: IncomingHttpHeaders, isArtifact: boolean): OutgoingHttpHeaders {
  const listed = headers.connection?.toLowerCase().split(/[, ]+/)
  const kept: OutgoingHttpHeaders = {}
  for (const name in headers) {
    if (!ofTheConnection.has(name) && listed?.includes(name) !== true) kept[name] = headers[name]
  }
  if (String(kept['cache-control']).includes('public')) {
    // MLflow knows of no login: what only signed-in people get must not stay in a cache that others share.
    kept['cache-control'] = 'private, no-cache'
    delete kept['expires']
  }
  if (isArtifact) {
    // An uploaded page must not act with the visitor's login, whatever it contains.
    kept['content-security-policy'] = 'sandbox'
    kept['x-content-type-options'] = 'nosniff'
  }
  return kept
}
