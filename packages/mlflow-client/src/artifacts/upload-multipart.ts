import { MlflowError } from '../rest/mlflow-error.ts'
import type { Transport } from '../rest/transport.ts'
import { abortMultipart, completeMultipart, createMultipart, type Destination } from './multipart-api.ts'
import { planParts, type Part } from './plan-parts.ts'
import { putPart } from './put-part.ts'
import {
  noteEtag,
  readNotes,
  removeNotes,
  writeNotes,
  type UploadNotes,
  type UploadProgress,
} from './upload-notes.ts'

/** As many as boto3 would need threads for, with a quarter of the memory. */
const IN_FLIGHT = 4
const ATTEMPTS_PER_PART = 4

/** An upload in parts. */
export interface MultipartOptions {
  readonly transport: Transport
  readonly destination: Destination
  readonly blob: Blob
  readonly modifiedMs: number
  /** Where to note what has been done, so that a restart goes on. */
  readonly notesPath: string
  readonly fetch: typeof globalThis.fetch
  readonly signal: AbortSignal
  /** For one part. */
  readonly timeoutMs: (bytes: number) => number
  readonly onProgress: (sentBytes: number) => void
  readonly minPartBytes?: number | undefined
}

/**
 * Upload a file in parts, several at a time, straight to the object store.
 *
 * An attempt that fails leaves its notes, and the next one sends only what is missing.
 *
 * @returns false when the server cannot do it for its store after all
 */
export async function uploadMultipart(options: MultipartOptions): Promise<boolean> {
  const { transport, destination, blob, notesPath, signal } = options
  const parts = planParts(blob.size, options.minPartBytes)
  const former = readNotes(notesPath, fileOf(options))
  const progress = former ?? (await begin(options, parts.length))
  if (progress === undefined) return false
  let isSent = false
  try {
    await sendMissing(options, parts, progress)
    isSent = true
    await completeMultipart(transport, destination, progress.notes, progress.etags, signal)
  } catch (error) {
    // MLflow says 500 when the store no longer knows the upload, for instance because it is complete.
    const isForgotten = isSent && former !== undefined && statusOf(error) === 500
    if (!isForgotten && !isRefusal(error)) throw error
    removeNotes(notesPath)
    await abortMultipart(transport, destination, progress.notes.uploadId).catch(() => {})
    // Signatures live for an hour: an upload of yesterday begins anew. One of today goes through the server.
    if (former !== undefined) throw beginAnew(error)
    return false
  }
  removeNotes(notesPath)
  return true
}

async function begin(options: MultipartOptions, partCount: number): Promise<UploadProgress | undefined> {
  const { transport, destination, notesPath, signal } = options
  const started = await createMultipart(transport, destination, partCount, signal)
  return started && writeNotes(notesPath, { ...started, ...fileOf(options) })
}

function fileOf({ blob, modifiedMs }: MultipartOptions): Pick<UploadNotes, 'sizeBytes' | 'modifiedMs'> {
  return { sizeBytes: blob.size, modifiedMs }
}

async function sendMissing(
  options: MultipartOptions,
  parts: readonly Part[],
  progress: UploadProgress,
): Promise<void> {
  const { notesPath, onProgress } = options
  const missing = parts.filter(({ number }) => !progress.etags.has(number))
  let sentBytes = options.blob.size - missing.reduce((sum, { start, end }) => sum + end - start, 0)
  onProgress(sentBytes)
  const failed = new AbortController()
  const signal = AbortSignal.any([options.signal, failed.signal])
  const queue = missing.values()
  const send = async (): Promise<void> => {
    for (const part of queue) {
      const etag = await sendPart({ ...options, signal }, part, progress)
      noteEtag(notesPath, progress, part.number, etag)
      sentBytes += part.end - part.start
      onProgress(sentBytes)
    }
  }
  const ends = await Promise.allSettled(
    Array.from({ length: IN_FLIGHT }, async () => {
      // One that fails ends the others; what they had sent is noted, and nothing after this.
      await send().catch((error: unknown) => {
        failed.abort()
        throw error
      })
    }),
  )
  const reasons = ends.flatMap((end): unknown[] => (end.status === 'rejected' ? [end.reason] : []))
  if (reasons.length > 0) throw reasons.find((reason) => !isAborted(reason)) ?? reasons[0]
}

async function sendPart(
  { blob, fetch, signal, timeoutMs }: MultipartOptions,
  { number, start, end }: Part,
  { notes }: UploadProgress,
): Promise<string> {
  const target = notes.targets.find((each) => each.number === number)
  if (target === undefined) throw new Error(`The server gave no place for part ${number}.`)
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await putPart(target, blob.slice(start, end), {
        fetch,
        signal,
        timeoutMs: timeoutMs(end - start),
      })
    } catch (error) {
      const isWorthMore = error instanceof MlflowError && error.retryable && attempt < ATTEMPTS_PER_PART
      if (!isWorthMore || signal.aborted) throw error
    }
  }
}

function statusOf(error: unknown): number | undefined {
  return error instanceof MlflowError ? error.status : undefined
}

function isRefusal(error: unknown): boolean {
  return error instanceof MlflowError && !error.retryable
}

/** Whether it failed because another part had failed. */
function isAborted(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && cause.name === 'AbortError'
}

function beginAnew(cause: unknown): MlflowError {
  return new MlflowError({
    code: 'SOEN_SERVER_ERROR',
    message: `An upload could not be gone on with: ${cause instanceof Error ? cause.message : String(cause)}`,
    hint: 'It begins anew by itself.',
    status: statusOf(cause) ?? 0,
    retryable: true,
    cause,
  })
}
