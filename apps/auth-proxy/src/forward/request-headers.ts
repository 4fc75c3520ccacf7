import type { IncomingMessage } from 'node:http'

/**
 * The only request headers that MLflow gets. Left out on purpose: the password and cookies, which are ours;
 * forwarding headers and X-MLflow-Workspace, by which a client could claim a place; names with `_`, which
 * Python servers take for their twin with `-`; Origin, which MLflow would compare with its own name.
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

/** Builds the headers of the forwarded request; its length is the body's business. */
export function upstreamHeaders({ headers, socket }: IncomingMessage): Record<string, string> {
  const result: Record<string, string> = {
    host: 'localhost',
    // MLflow takes callers without this header for people at the server's own keyboard.
    'x-forwarded-for': socket.remoteAddress ?? 'unknown',
  }
  for (const name of passed) {
    const value = headers[name]
    if (typeof value === 'string') result[name] = value
  }
  return result
}
