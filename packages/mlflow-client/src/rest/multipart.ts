import { multipartRoute, storedFolder } from './artifact-route.ts'
import { MlflowError } from './mlflow-error.ts'
import type { Transport } from './transport.ts'
import type { WireFile } from './wire.ts'

/** The target of one part: an address of the object store, signed by the server. */
export interface PartTarget {
  readonly number: number
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

/** A multipart upload that the server has started. */
export interface StartedUpload {
  readonly uploadId: string
  readonly targets: readonly PartTarget[]
}

/** An artifact among a run's artifacts. */
export interface Destination {
  readonly artifactUri: string
  /** Below the run's artifacts. */
  readonly path: string
}

/** A size in bytes, or the reason why there is none. */
export type StoredSize = number | 'none' | 'unknown'

/** Whether the server supports multipart uploads. */
export async function offersMultipart(transport: Transport, signal?: AbortSignal): Promise<boolean> {
  try {
    const info = await transport.json<{ multipart_uploads_enabled?: boolean }>(
      'GET',
      '/api/3.0/mlflow/server-info',
      { signal },
    )
    return info.multipart_uploads_enabled === true
  } catch (error) {
    // An older server, or a folder, does not have this route.
    if (isUnknownRoute(error)) return false
    throw error
  }
}

/** Start a multipart upload; undefined when the server cannot do it for its store after all. */
export async function createMultipart(
  transport: Transport,
  { artifactUri, path }: Destination,
  partCount: number,
  signal?: AbortSignal,
): Promise<StartedUpload | undefined> {
  const { folder, name } = split(path)
  try {
    const answer = await transport.json<{
      upload_id: string
      credentials: readonly { url: string; part_number: number | string; headers?: Record<string, string> }[]
    }>('POST', multipartRoute('create', artifactUri, folder), {
      json: { path: name, num_parts: partCount },
      signal,
      proof: 'credentials',
    })
    const targets = answer.credentials.map(({ url, part_number: number, headers = {} }) => ({
      number: Number(number),
      url,
      headers,
    }))
    return { uploadId: answer.upload_id, targets }
  } catch (error) {
    if (error instanceof MlflowError && [404, 501].includes(error.status)) return undefined
    throw error
  }
}

/** Complete the upload: the store puts the parts together. */
export async function completeMultipart(
  transport: Transport,
  { artifactUri, path }: Destination,
  { uploadId, targets }: StartedUpload,
  etags: ReadonlyMap<number, string>,
  signal?: AbortSignal,
): Promise<void> {
  const { folder, name } = split(path)
  const parts = targets.map(({ number, url }) => ({ part_number: number, etag: etags.get(number), url }))
  await transport.json('POST', multipartRoute('complete', artifactUri, folder), {
    json: { path: name, upload_id: uploadId, parts },
    signal,
    proof: '?',
  })
}

/** Abort the upload: the store deletes its parts. */
export async function abortMultipart(
  transport: Transport,
  { artifactUri, path }: Destination,
  uploadId: string,
): Promise<void> {
  const { folder, name } = split(path)
  await transport.json('POST', multipartRoute('abort', artifactUri, folder), {
    json: { path: name, upload_id: uploadId },
    proof: '?',
  })
}

/** The size of a stored artifact: `none` when there is none, `unknown` when the server does not tell. */
export async function storedSize(
  transport: Transport,
  { artifactUri, path }: Destination,
  signal?: AbortSignal,
): Promise<StoredSize> {
  const { folder, name } = split(path)
  try {
    const { files = [] } = await transport.json<{ files?: readonly WireFile[] }>(
      'GET',
      '/api/2.0/mlflow-artifacts/artifacts',
      { query: { path: storedFolder(artifactUri, folder) }, signal, proof: 'files?' },
    )
    const found = files.find((file) => file.is_dir !== true && file.path.split('/').at(-1) === name)
    return found === undefined ? 'none' : Number(found.file_size)
  } catch (error) {
    if (isUnknownRoute(error)) return 'unknown'
    throw error
  }
}

/** Whether the server lacks this route, or something in between blocks it. */
function isUnknownRoute(error: unknown): boolean {
  return error instanceof MlflowError && ([403, 404].includes(error.status) || !error.retryable)
}

function split(path: string): { readonly folder: string; readonly name: string } {
  const slash = path.lastIndexOf('/')
  return { folder: path.slice(0, Math.max(0, slash)), name: path.slice(slash + 1) }
}
