import { readFile } from 'node:fs/promises'
import type { AgentOptions } from 'node:https'
import type { Environment } from '../settings/environment.ts'

/** Shorter than the five seconds after which MLflow's server closes an idle connection: ours closes first. */
const IDLE_MS = 4000

/** The environment's settings for connections to one server. */
export interface ConnectionOptions {
  readonly env?: Environment | undefined
  /** The server that MLflow's variables apply to; files may also go directly to an object store. */
  readonly trackingUri?: string | undefined
  /** Whether the process stays alive for a response; false by default. */
  readonly keepsAlive?: boolean | undefined
}

/**
 * How to connect: through `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`, trusting `SSL_CERT_FILE` besides Node's own
 * certificates, and to the tracking server by `MLFLOW_TRACKING_SERVER_CERT_PATH`, `_CLIENT_CERT_PATH` and
 * `_INSECURE_TLS`, as Python's client does.
 */
export async function agentOptions(
  url: URL,
  { env = process.env, trackingUri }: ConnectionOptions,
): Promise<AgentOptions> {
  const base = { keepAlive: true, timeout: IDLE_MS, proxyEnv: env }
  if (url.protocol !== 'https:') return base
  const extra = await pem(env, 'SSL_CERT_FILE')
  const trusted = extra === undefined ? undefined : [...(await import('node:tls')).getCACertificates(), extra]
  if (!isTracking(url, trackingUri)) return { ...base, ...(trusted && { ca: trusted }) }
  const server = await pem(env, 'MLFLOW_TRACKING_SERVER_CERT_PATH')
  const client = await pem(env, 'MLFLOW_TRACKING_CLIENT_CERT_PATH')
  const ca = server === undefined ? trusted : [server]
  return {
    ...base,
    ...(ca && { ca }),
    // Python's client expects certificate and key in one file.
    ...(client !== undefined && { cert: client, key: client }),
    ...(/^(true|1)$/i.test(env['MLFLOW_TRACKING_INSECURE_TLS'] ?? '') && { rejectUnauthorized: false }),
  }
}

/** Whether this is the server that the tracking URI names. */
export function isTracking(url: URL, trackingUri: string | undefined): boolean {
  return trackingUri !== undefined && URL.parse(trackingUri)?.origin === url.origin
}

/** Whether requests with this protocol may go through a proxy, which resolves the names itself. */
export function mayBeProxied({ protocol }: URL, env: Environment = process.env): boolean {
  const name = protocol === 'https:' ? 'https_proxy' : 'http_proxy'
  return (env[name] ?? env[name.toUpperCase()] ?? '') !== ''
}

async function pem(env: Environment, name: string): Promise<string | undefined> {
  const path = env[name]
  if (path === undefined || path === '') return undefined
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new Error(`${name} names a file that cannot be read: ${path}`, { cause })
  }
}
