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

/** The slowest link worth waiting for, in bytes per millisecond: 256 kB/s. */
const SLOWEST_BYTES_PER_MS = 256
/** Below this, one request is as good. */
const MULTIPART_FROM_BYTES = 32 * 1024 * 1024

/** How far an upload is. */
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
  /** A folder for what a restart needs to go on. */
  readonly notesFolder: string
  readonly signal: AbortSignal
  readonly timeoutMs: number
  /** For the object store itself, which is not the server. */
  readonly fetch?: typeof globalThis.fetch | undefined
  readonly onProgress?: ((state: UploadState) => void) | undefined
  /** Where parts begin to pay, and their size; for tests. */
  readonly parts?: { readonly fromBytes: number; readonly minPartBytes: number }
}

/** Upload one file, in parts where it is large and the server offers it; its size is the answer. */
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

/** Upload a text as a file; its size is the answer. */
export async function uploadText(
  transport: Transport,
  { text, ...upload }: Omit<Parameters<typeof putArtifact>[1], 'content'> & { readonly text: string },
): Promise<number> {
  const content = new Blob([text])
  await putWhole(transport, { ...upload, content })
  return content.size
}

/** Loaded by those who upload large files. */
async function uploadInParts(options: MultipartOptions): Promise<boolean> {
  const { offersMultipart } = await import('../rest/multipart.ts')
  if (!(await offersMultipart(options.transport, options.signal))) return false
  const { uploadMultipart } = await import('./upload-multipart.ts')
  return await uploadMultipart(options)
}

/** A large file is worth a question whether all of it is there. */
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

/** What was sent of a file that is gone now. */
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
    // The answer may be cut after its head; that is the network's failure as any other.
    if (error instanceof ClientError) throw error
    throw errorFromNetwork(error, `PUT ${upload.path}`, transport.trackingUri)
  }
}
