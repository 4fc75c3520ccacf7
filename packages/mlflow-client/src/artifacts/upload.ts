import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ClientError } from '../errors/client-error.ts'
import { lazyCrypto } from '../node/lazy-crypto.ts'
import { putArtifact } from '../rest/artifacts.ts'
import { errorFromNetwork } from '../rest/mlflow-error.ts'
import type { Transport } from '../rest/transport.ts'
import { contentOf } from './content.ts'
import { isSameFile, stateOf } from './file-state.ts'
import { changed, notStored } from './file-trouble.ts'
import type { MultipartOptions } from './upload-multipart.ts'

/** The slowest connection worth waiting for, in bytes per millisecond: 256 kB/s. */
const SLOWEST_BYTES_PER_MS = 256
/** A smaller file is sent in a single request. */
const MULTIPART_FROM_BYTES = 32 * 1024 * 1024

/** The progress of an upload. */
export interface UploadState {
  /** Path among the run's artifacts. */
  readonly path: string
  readonly sentBytes: number
  readonly totalBytes: number
}

/** A file to upload. */
export interface UploadOptions {
  /** Absolute path. */
  readonly file: string
  readonly to: string
  readonly artifactUri: string
  /** The folder for the notes from which a restart continues. */
  readonly notesFolder: string
  readonly signal: AbortSignal
  readonly timeoutMs: number
  /** For requests to the object store, which is not the server. */
  readonly fetch?: typeof globalThis.fetch | undefined
  readonly onProgress?: ((state: UploadState) => void) | undefined
  /** The size from which a file is sent in parts, and the size of a part; for tests. */
  readonly parts?: { readonly fromBytes: number; readonly minPartBytes: number }
}

/** Upload one file, in parts where it is large and the server supports that; resolves to its size. */
export async function uploadFile(transport: Transport, options: UploadOptions): Promise<number> {
  const { file, to, artifactUri, notesFolder, signal, fetch = globalThis.fetch } = options
  const destination = { artifactUri, path: to }
  const notesPath = join(
    notesFolder,
    `${lazyCrypto().createHash('sha256').update(to).digest('hex').slice(0, 16)}.parts`,
  )
  const found = await stateOf(file).catch(async (error: unknown) => {
    await forgetParts({ transport, destination, notesPath })
    throw error
  })
  const fromBytes = options.parts?.fromBytes ?? MULTIPART_FROM_BYTES
  const { sizeBytes } = found
  const timeoutMs = (bytes: number): number => options.timeoutMs + bytes / SLOWEST_BYTES_PER_MS
  const onProgress = (sentBytes: number): void =>
    options.onProgress?.({ path: to, sentBytes, totalBytes: sizeBytes })

  const isDone =
    sizeBytes >= fromBytes &&
    (await uploadInParts({
      transport,
      file,
      ...found,
      fetch,
      signal,
      timeoutMs,
      onProgress,
      destination,
      notesPath,
      minPartBytes: options.parts?.minPartBytes,
    }))
  if (!isDone) {
    onProgress(0)
    const content = contentOf(file, sizeBytes)
    await putWhole(transport, { artifactUri, path: to, content, signal, timeoutMs: timeoutMs(sizeBytes) })
    if (!isSameFile(await stateOf(file), found)) throw changed(`PUT ${to}`)
    onProgress(sizeBytes)
  }
  if (sizeBytes >= fromBytes) await proveStored(transport, destination, sizeBytes, signal)
  return sizeBytes
}

/** Upload a text as a file; resolves to its size. */
export async function uploadText(
  transport: Transport,
  { text, ...upload }: Omit<Parameters<typeof putArtifact>[1], 'content'> & { readonly text: string },
): Promise<number> {
  const content = new Blob([text])
  await putWhole(transport, { ...upload, content })
  return content.size
}

/** Loaded only for large files. */
async function uploadInParts(options: MultipartOptions): Promise<boolean> {
  const { offersMultipart } = await import('../rest/multipart.ts')
  if (!(await offersMultipart(options.transport, options.signal))) return false
  const { uploadMultipart } = await import('./upload-multipart.ts')
  return await uploadMultipart(options)
}

/** For a large file, ask the server whether it has stored all of it. */
async function proveStored(
  transport: Transport,
  destination: MultipartOptions['destination'],
  sizeBytes: number,
  signal: AbortSignal,
): Promise<void> {
  const { storedSize } = await import('../rest/multipart.ts')
  const stored = await storedSize(transport, destination, signal)
  if (stored !== 'unknown' && stored !== sizeBytes) throw notStored(destination.path, stored, sizeBytes)
}

/** Abort the upload of a file that is gone now. */
async function forgetParts(
  upload: Pick<MultipartOptions, 'transport' | 'destination' | 'notesPath'>,
): Promise<void> {
  if (!existsSync(upload.notesPath)) return
  const { forgetUpload } = await import('./upload-multipart.ts')
  await forgetUpload(upload)
}

async function putWhole(transport: Transport, upload: Parameters<typeof putArtifact>[1]): Promise<void> {
  try {
    await putArtifact(transport, upload)
  } catch (error) {
    // The response may be cut off after its head; that is a network failure like any other.
    if (error instanceof ClientError) throw error
    throw errorFromNetwork(error, `PUT ${upload.path}`, transport.trackingUri)
  }
}
