import { resolve } from 'node:path'
import { ClientError } from '../errors/client-error.ts'

/**
 * The absolute folder that a tracking URI names; undefined when it names a server.
 *
 * `file:./mlruns` and paths are relative to the working directory, as in MLflow itself.
 */
export function parseStoreUri(text: string): string | undefined {
  if (/^\.{0,2}[/\\]/.test(text)) return resolve(text)
  const [, authority, path = ''] = /^file:(?:\/\/([^/?#]*))?([^?#]*)/i.exec(text) ?? []
  if (!/^file:/i.test(text)) return undefined
  // MLflow silently drops a host, and would write `file://mlruns/x` to /x.
  if (authority !== undefined && !/^(?:localhost)?$/i.test(authority)) {
    throw invalid(
      text,
      `Three slashes begin an absolute path, none a relative one: file:./${authority}${path}`,
    )
  }
  if (path === '' || path === '/') throw invalid(text, 'Name a folder, for example file:./mlruns')
  return resolve(percentDecode(path))
}

function percentDecode(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    // A folder like "50%" was not percent-encoded.
    return path
  }
}

function invalid(text: string, hint: string): ClientError {
  return new ClientError({
    code: 'SOEN_TRACKING_URI_INVALID',
    message: `The tracking URI ${text} names no folder on this machine.`,
    hint,
  })
}
