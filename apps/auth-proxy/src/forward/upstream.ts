import { Pool } from 'undici'
import type { Dispatcher } from 'undici'
import { UsageError } from '../errors/auth-proxy-error.ts'

interface Options {
  /** The longest silence of MLflow, before or within an answer. There is no limit on the whole. */
  readonly idleTimeoutMs?: number
}

/** The most connections to MLflow. */
export const maxConnections = 256

const scheme = 'unix:'

/** Refuses what is not the address of a unix socket. */
export function checkUpstreamAddress(address: string): string {
  if (address.startsWith(`${scheme}/`) && address.length > scheme.length + 1) return address
  throw new UsageError({
    code: 'SOEN_UPSTREAM_INVALID',
    message: `--upstream ${address} is not the address of a unix socket.`,
    hint: 'Write unix: and an absolute path, for instance unix:/run/soen/mlflow.sock.',
  })
}

/** Prepares connections to MLflow's socket, given as `unix:/path`. Connects when the first request comes. */
export function openUpstream(address: string, { idleTimeoutMs = 120_000 }: Options = {}): Dispatcher {
  const socketPath = checkUpstreamAddress(address).slice(scheme.length)
  return new Pool('http://localhost', {
    socketPath,
    connections: maxConnections,
    pipelining: 1,
    connectTimeout: 5000,
    headersTimeout: idleTimeoutMs,
    bodyTimeout: idleTimeoutMs,
    // MLflow's uvicorn closes idle connections after 5 s: we must let go first, or a POST meets a closing one.
    keepAliveTimeout: 4000,
    keepAliveMaxTimeout: 4000,
  })
}
