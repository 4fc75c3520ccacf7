import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'

/** Headers of the connection, not of the response (RFC 9110, 7.6.1), and the server's name. */
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

/** The headers of MLflow's response for the client. */
export function clientHeaders(headers: IncomingHttpHeaders, isArtifact: boolean): OutgoingHttpHeaders {
  const listed = headers.connection?.toLowerCase().split(/[, ]+/)
  const kept: OutgoingHttpHeaders = {}
  for (const name in headers) {
    if (!ofTheConnection.has(name) && listed?.includes(name) !== true) kept[name] = headers[name]
  }
  if (String(kept['cache-control']).includes('public')) {
    // MLflow does not know about authentication: what only signed-in users may get must not stay in a shared cache.
    kept['cache-control'] = 'private, no-cache'
    delete kept['expires']
  }
  if (isArtifact) {
    // An uploaded page must not act with the visitor's session, whatever it contains.
    kept['content-security-policy'] = 'sandbox'
    kept['x-content-type-options'] = 'nosniff'
  }
  return kept
}
