import { basic } from '../auth-proxy.ts'

/** A request that must be stopped before it reaches MLflow, as raw bytes. */
export interface HostileRequest {
  /** What it tries. */
  readonly name: string
  /** The expected status. */
  readonly status: number
  readonly lines: readonly string[]
  readonly body: string
}

/** How it differs from a plain request by the admin, who has every permission. */
interface Parts {
  readonly as?: string
  readonly headers?: readonly string[]
  /** JSON text, or bytes. */
  readonly body?: string | Buffer
  readonly contentType?: string
}

/** Builds a request with valid credentials, Host and length, so that it can only be refused for what it tries. */
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

/** A request given byte by byte. */
export function raw(name: string, status: number, lines: readonly string[], body = ''): HostileRequest {
  return { name, status, lines, body }
}
