import type { IncomingMessage } from 'node:http'

/** The address that a request came from, and whether by https. */
export interface ClientAddress {
  readonly address: string
  readonly isSecure: boolean
}

/**
 * Reads the client's address: the connection's own or, behind a TLS proxy, the last one in the header, which that
 * proxy added. Everything before it was written by the client and cannot be trusted.
 */
export function clientAddress(
  { headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>,
  isBehindTlsProxy: boolean,
): ClientAddress {
  const peer = socket.remoteAddress ?? 'unknown'
  if (!isBehindTlsProxy) return { address: peer, isSecure: false }
  return {
    address: lastOf(headers['x-forwarded-for']) ?? peer,
    isSecure: lastOf(headers['x-forwarded-proto']) === 'https',
  }
}

function lastOf(header: string | string[] | undefined): string | undefined {
  const last = (Array.isArray(header) ? header.join(',') : header)?.split(',').at(-1)?.trim()
  return last === '' ? undefined : last
}
