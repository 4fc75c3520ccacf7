import { Pool } from 'undici'
import type { Dispatcher } from 'undici'
import { UsageError } from '../errors/auth-proxy-error.ts'

interface Options {
  /** How long MLflow may be silent, before or within a response. The whole response has no time limit. */
  readonly idleTimeoutMs?: number
}

/** The maximum number of connections to MLflow. */
export const maxConnections = 256

const scheme = 'unix:'

/** Refuses anything but the address of a unix socket. */
export function checkUpstreamAddress(address: string): string {
  if (address.startsWith(`${scheme}/`) && address.length > scheme.length + 1) return address
  throw new UsageError({
    code: 'SOEN_UPSTREAM_INVALID',
    message: `--upstream ${address} is not the address of a unix socket.`,
    hint: 'Write unix: and an absolute path, for instance unix:/run/soen/mlflow.sock.',
  })
}

/** Opens a pool of connections to MLflow's socket, given as `unix:/path`. It connects with the first request. */
export function openUpstream(address: string, { idleTimeoutMs = 120_000 }: Options = {}): Dispatcher {
  const socketPath = checkUpstreamAddress(address).slice(scheme.length)
  return new Pool('http://localhost', {
    socketPath,
    connections: maxConnections,
    pipelining: 1,
    connectTimeout: 5000,
    headersTimeout: idleTimeoutMs,
    bodyTimeout: idleTimeoutMs,
    // MLflow's uvicorn closes idle connections after 5 s: ours must time out first, or a POST meets one that is
    // closing.
    keepAliveTimeout: 4000,
    keepAliveMaxTimeout: 4000,
  })
}
