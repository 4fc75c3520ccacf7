import { createHash } from 'node:crypto'
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
  let response: Response
  try {
    response = await fetch(url, {
      method: 'PUT',
      // The store refuses a part that was damaged on the way.
      headers: { ...headers, 'content-md5': await md5Of(part) },
      body: part,
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

async function md5Of(part: Blob): Promise<string> {
  const hash = createHash('md5')
  for await (const chunk of part.stream()) hash.update(chunk)
  return hash.digest('base64')
}
