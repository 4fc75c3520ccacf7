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
  const listed = new Set((headers.connection ?? '').toLowerCase().split(/[, ]+/))
  const kept = Object.entries(headers).filter(([name]) => !ofTheConnection.has(name) && !listed.has(name))
  // An uploaded page must not act with the visitor's login, whatever it contains.
  const protection = isArtifact
    ? { 'content-security-policy': 'sandbox', 'x-content-type-options': 'nosniff' }
    : {}
  return { ...Object.fromEntries(kept), ...protection }
}
