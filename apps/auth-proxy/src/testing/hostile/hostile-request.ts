import { basic } from '../auth-proxy.ts'

/** A request that must be stopped before MLflow hears of it, as the bytes that are sent. */
export interface HostileRequest {
  /** What it tries. */
  readonly name: string
  /** How it must be answered. */
  readonly status: number
  readonly lines: readonly string[]
  readonly body: string
}

/** What differs from a plain request by the admin, to whom every role is open. */
interface Parts {
  readonly as?: string
  readonly headers?: readonly string[]
  /** JSON text, or bytes. */
  readonly body?: string | Buffer
  readonly contentType?: string
}

/** Writes a request with a sound login, Host and length, so that only what it tries can be the reason to stop it. */
export function hostile(
  name: string,
  status: number,
  target: string,
  { as = 'ada', headers = [], body, contentType = 'application/json' }: Parts = {},
): HostileRequest {
  const bytes = body === undefined ? undefined : Buffer.from(body)
  const ofBody =
    bytes === undefined ? [] : [`content-type: ${contentType}`, `content-length: ${bytes.length}`]
  return {
    name,
    status,
    lines: [`${target} HTTP/1.1`, 'host: localhost', `authorization: ${basic(as)}`, ...ofBody, ...headers],
    body: bytes?.toString('latin1') ?? '',
  }
}

/** A request whose every byte matters. */
export function raw(name: string, status: number, lines: readonly string[], body = ''): HostileRequest {
  return { name, status, lines, body }
}
