import type { IncomingMessage } from 'node:http'

/**
 * The only request headers that MLflow gets. Left out on purpose: passwords and cookies, which are for us;
 * forwarding headers and X-MLflow-Workspace, with which a client could claim to be elsewhere; names with `_`, which
 * Python servers take for the same name with `-`; Origin, which MLflow would compare with its own host.
 */
const passed: readonly string[] = [
  'accept',
  'accept-encoding',
  'accept-language',
  'cache-control',
  'content-encoding',
  'content-type',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'range',
  'user-agent',
  'x-mlflow-client-version',
  'x-mlflow-experiment-id',
  'x-mlflow-run-id',
]

/** Builds the headers of the forwarded request; its length is set along with the body. */
export function upstreamHeaders({ headers, socket }: IncomingMessage): Record<string, string> {
  const result: Record<string, string> = {
    host: 'localhost',
    // MLflow treats callers without this header as local users of the server itself.
    'x-forwarded-for': socket.remoteAddress ?? 'unknown',
  }
  for (const name of passed) {
    const value = headers[name]
    if (typeof value === 'string') result[name] = value
  }
  return result
}
