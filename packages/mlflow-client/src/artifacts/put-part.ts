import { errorFromNetwork, errorFromResponse, MlflowError } from '../rest/mlflow-error.ts'
import type { PartTarget } from './multipart-api.ts'
import type { PartHasher } from './part-hasher.ts'

/** How a part is sent. */
export interface PutPartOptions {
  readonly fetch: typeof globalThis.fetch
  readonly signal: AbortSignal
  readonly timeoutMs: number
  readonly hasher: PartHasher
}

/** Send one part straight to the object store; what the store calls it is the answer. One attempt. */
export async function putPart(
  { number, url, headers }: PartTarget,
  part: Blob,
  { fetch, signal, timeoutMs, hasher }: PutPartOptions,
): Promise<string> {
  // Without the signature: an address in a message is an address in a log.
  const name = `PUT part ${number} to ${new URL(url).host}`
  const { bytes, checksum } = await readPart(url, part, hasher)
  let response: Response
  try {
    response = await fetch(url, {
      method: 'PUT',
      headers: { ...headers, ...checksum },
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
 * By the checksum the store refuses a part that was damaged on the way. TLS sees to that itself: then the processor is
 * spared it.
 */
async function readPart(
  url: string,
  part: Blob,
  hasher: PartHasher,
): Promise<{ readonly bytes: Uint8Array; readonly checksum: Record<string, string> }> {
  if (url.startsWith('https:')) return { bytes: await part.bytes(), checksum: {} }
  const { bytes, md5 } = await hasher.read(part)
  return { bytes, checksum: { 'content-md5': md5 } }
}
