import { createHash } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { errorFromNetwork, errorFromResponse, MlflowError } from '../rest/mlflow-error.ts'
import type { PartTarget } from './multipart-api.ts'

/** How a part is sent. */
export interface PutPartOptions {
  readonly fetch: typeof globalThis.fetch
  readonly signal: AbortSignal
  readonly timeoutMs: number
}

/** Send one part straight to the object store; what the store calls it is the answer. One attempt. */
export async function putPart(
  { number, url, headers }: PartTarget,
  part: Blob,
  { fetch, signal, timeoutMs }: PutPartOptions,
): Promise<string> {
  // Without the signature: an address in a message is an address in a log.
  const name = `PUT part ${number} to ${new URL(url).host}`
  const bytes = await part.bytes()
  let response: Response
  try {
    response = await fetch(url, {
      method: 'PUT',
      headers: { ...headers, ...(await checksumFor(url, bytes)) },
      body: bytes,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(Math.round(timeoutMs))]),
    })
    if (response.ok) await response.arrayBuffer()
  } catch (cause) {
    throw errorFromNetwork(cause, name, new URL(url).origin)
  }
  if (!response.ok) throw await errorFromResponse(response, name)
  const etag = response.headers.get('etag')
  if (etag !== null) return etag
  throw new MlflowError({
    code: 'SOEN_SERVER_ERROR',
    message: `${name} was answered without an ETag.`,
    hint: 'Something between here and the object store drops the header.',
    status: response.status,
    retryable: true,
  })
}

/**
 * By it the store refuses a part that was damaged on the way. TLS sees to that itself: then a training is spared
 * the two seconds of processor time that a gigabyte costs.
 */
async function checksumFor(url: string, bytes: Uint8Array): Promise<Record<string, string>> {
  return url.startsWith('https:') ? {} : { 'content-md5': await md5Of(bytes) }
}

const HASHED_AT_ONCE = 2 ** 19

/** A training goes on between two megabytes: each half takes about 1 ms. */
async function md5Of(bytes: Uint8Array): Promise<string> {
  const hash = createHash('md5')
  for (let start = 0; start < bytes.length; start += HASHED_AT_ONCE) {
    hash.update(bytes.subarray(start, start + HASHED_AT_ONCE))
    await nextTurn()
  }
  return hash.digest('base64')
}
