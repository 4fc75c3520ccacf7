import { UsageError } from '../errors/auth-proxy-error.ts'

/** Where the front door listens: a loopback port (0 for any free one) or a unix socket. */
export type ListenAddress = { readonly host: string; readonly port: number } | { readonly path: string }

const loopback = /^(?<host>127\.0\.0\.1|localhost|\[::1\]):(?<port>\d{1,5})$/

/**
 * Parses `127.0.0.1:PORT`, `[::1]:PORT` or `unix:/path`. Other addresses are refused: TLS is terminated elsewhere.
 */
export function parseListenAddress(text: string): ListenAddress {
  if (/^unix:\/./.test(text)) return { path: text.slice('unix:'.length) }
  const { host, port } = loopback.exec(text)?.groups ?? {}
  if (host !== undefined && Number(port) <= 65_535) {
    return { host: host === 'localhost' ? '127.0.0.1' : host.replace(/^\[|\]$/g, ''), port: Number(port) }
  }
  throw new UsageError({
    code: 'SOEN_LISTEN_INVALID',
    message: `--listen ${text} is neither a loopback address nor a unix socket.`,
    hint: 'Write 127.0.0.1:PORT or unix:/path; to be reached from elsewhere, put the TLS proxy in front.',
  })
}
