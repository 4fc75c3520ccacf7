import { errorFromResponse } from '../rest/error-from-response.ts'
import { errorFromNetwork, MlflowError } from '../rest/mlflow-error.ts'
import type { PartTarget } from '../rest/multipart.ts'
import { changed } from './file-trouble.ts'
import type { PartReader } from './part-reader.ts'
import type { Part } from './plan-parts.ts'

/** Failures of an object store that are temporary; any other concerns the signature or the part. */
const MAY_PASS: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504])

/** How a part is sent. */
export interface PutPartOptions {
  readonly fetch: typeof globalThis.fetch
  readonly signal: AbortSignal
  readonly timeoutMs: number
  readonly reader: PartReader
}

/** Send one part directly to the object store; resolves to its ETag. One attempt. */
export async function putPart(
  { number, url, headers }: PartTarget,
  part: Part,
  { fetch, signal, timeoutMs, reader }: PutPartOptions,
): Promise<string> {
  // Without the signature: addresses in messages end up in logs.
  const name = `PUT part ${number} to ${new URL(url).host}`
  // With the checksum, the store rejects a part that was damaged in transit. TLS ensures that by itself, so then
  // hashing is saved.
  const read = await reader.read(part, { isHashed: !url.startsWith('https:') })
  if (read.bytes.length < part.end - part.start) throw changed(name)
  let response: Response
  let answer = ''
  try {
    response = await fetch(url, {
      method: 'PUT',
      headers: { ...headers, ...(read.md5 !== undefined && { 'content-md5': read.md5 }) },
      body: read.bytes,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(Math.round(timeoutMs))]),
    })
    if (response.ok) answer = await response.text()
  } catch (cause) {
    throw errorFromNetwork(cause, name, new URL(url).origin)
  }
  if (!response.ok)
    throw await errorFromResponse(response, name, MAY_PASS.has(response.status) ? 'wait' : 'item')
  reader.reuse(read)
  const etag = response.headers.get('etag')
  if (etag !== null && !isPage(answer) && isDigestRight(response.headers, etag, read.md5)) return etag
  throw new MlflowError({
    code: 'SOEN_SERVER_ERROR',
    message: `${name} was answered ${etag === null ? 'without an ETag' : 'by something else'}.`,
    hint: 'Something between here and the object store drops the header, or answers in its place.',
    status: response.status,
    verdict: 'wait',
  })
}

function isPage(answer: string): boolean {
  return /^\s*<(!doctype )?html/i.test(answer)
}

/** An ETag is the MD5 of the part, unless the store encrypts with its own key or computes it differently. */
function isDigestRight(headers: Headers, etag: string, md5: string | undefined): boolean {
  const digest = /^"?([0-9a-f]{32})"?$/.exec(etag)?.[1]
  const isEncrypted =
    headers.get('x-amz-server-side-encryption')?.startsWith('aws:kms') === true ||
    headers.has('x-amz-server-side-encryption-customer-algorithm')
  if (digest === undefined || md5 === undefined || isEncrypted) return true
  return digest === Buffer.from(md5, 'base64').toString('hex')
}
