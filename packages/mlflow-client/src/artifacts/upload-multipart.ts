import { MlflowError } from '../rest/mlflow-error.ts'
import {
  abortMultipart,
  completeMultipart,
  createMultipart,
  storedSize,
  type Destination,
} from '../rest/multipart.ts'
import type { Transport } from '../rest/transport.ts'
import { isSameFile, stateOf, type FileState } from './file-state.ts'
import { changed } from './file-trouble.ts'
import { PartReader } from './part-reader.ts'
import { planParts, type Part } from './plan-parts.ts'
import { putPart } from './put-part.ts'
import {
  noteCompletion,
  noteEtag,
  readNotes,
  removeNotes,
  writeNotes,
  type UploadProgress,
} from './upload-notes.ts'

/** Each part is held in memory: 16 MiB for a file of up to 150 GB. */
const IN_FLIGHT = 6
const ATTEMPTS_PER_PART = 4

/** A multipart upload. */
export interface MultipartOptions extends FileState {
  readonly transport: Transport
  readonly destination: Destination
  readonly file: string
  /** The notes file with the progress, from which a restart continues. */
  readonly notesPath: string
  readonly fetch: typeof globalThis.fetch
  readonly signal: AbortSignal
  /** The timeout for one part. */
  readonly timeoutMs: (bytes: number) => number
  readonly onProgress: (sentBytes: number) => void
  readonly minPartBytes?: number | undefined
}

/**
 * Upload a file in parts, several at a time, directly to the object store.
 *
 * A failed attempt leaves its notes, and the next one sends only what is missing.
 *
 * @returns false when the server cannot do it for its store after all
 */
export async function uploadMultipart(options: MultipartOptions): Promise<boolean> {
  const { sizeBytes, notesPath } = options
  const parts = planParts(sizeBytes, options.minPartBytes)
  const former = await goOn(options)
  const progress = former ?? (await begin(options, parts.length))
  if (progress === undefined) return false
  let isSent = false
  try {
    await sendMissing(options, parts, progress)
    isSent = true
    await complete(options, progress)
  } catch (error) {
    // MLflow answers 500 when the store no longer knows the upload, for instance because it is complete.
    const isForgotten = isSent && former !== undefined && statusOf(error) === 500
    if (!isForgotten && !isRefusal(error)) throw error
    if (isForgotten && (await isComplete(options, progress))) {
      removeNotes(notesPath)
      return true
    }
    await forget(options, progress)
    // Signatures expire after an hour, so a resumed upload starts again; a fresh one goes through the server
    // instead.
    if (former !== undefined) throw beginAnew(error)
    return false
  }
  removeNotes(notesPath)
  return true
}

/**
 * The progress of an earlier attempt for this very file. An attempt for another file is aborted, because its parts
 * cost storage.
 */
async function goOn(options: MultipartOptions): Promise<UploadProgress | undefined> {
  const former = readNotes(options.notesPath)
  if (former === undefined) return undefined
  if (isSameFile(former.notes, options)) return former
  await forget(options, former)
  return undefined
}

/** Abort an upload: parts that are never put together would be paid for, and seen by nobody. */
async function forget(
  { transport, destination, notesPath }: Pick<MultipartOptions, 'transport' | 'destination' | 'notesPath'>,
  { notes }: UploadProgress,
): Promise<void> {
  await abortMultipart(transport, destination, notes.uploadId).catch(() => {})
  removeNotes(notesPath)
}

/** Abort an earlier attempt, because its file is gone. */
export async function forgetUpload(
  upload: Pick<MultipartOptions, 'transport' | 'destination' | 'notesPath'>,
): Promise<void> {
  const former = readNotes(upload.notesPath)
  if (former !== undefined) await forget(upload, former)
}

async function complete(options: MultipartOptions, progress: UploadProgress): Promise<void> {
  const { transport, destination, notesPath, signal } = options
  if (progress.storedBefore === undefined)
    noteCompletion(notesPath, progress, await storedSize(transport, destination, signal))
  await completeMultipart(transport, destination, progress.notes, progress.etags, signal)
}

/** Whether an attempt whose response was lost succeeded: the file is there now, and was not before. */
async function isComplete(options: MultipartOptions, { storedBefore }: UploadProgress): Promise<boolean> {
  const { transport, destination, sizeBytes, signal } = options
  if (storedBefore === undefined || storedBefore === 'unknown' || storedBefore === sizeBytes) return false
  return (await storedSize(transport, destination, signal)) === sizeBytes
}

async function begin(options: MultipartOptions, partCount: number): Promise<UploadProgress | undefined> {
  const { transport, destination, notesPath, signal, sizeBytes, modifiedMs } = options
  const started = await createMultipart(transport, destination, partCount, signal)
  return started && writeNotes(notesPath, { ...started, sizeBytes, modifiedMs })
}

async function sendMissing(
  options: MultipartOptions,
  parts: readonly Part[],
  progress: UploadProgress,
): Promise<void> {
  const { file, notesPath, onProgress } = options
  const missing = parts.filter(({ number }) => !progress.etags.has(number))
  let sentBytes = options.sizeBytes - missing.reduce((sum, { start, end }) => sum + end - start, 0)
  onProgress(sentBytes)
  const failed = new AbortController()
  const signal = AbortSignal.any([options.signal, failed.signal])
  const queue = missing.values()
  await using reader = await PartReader.open(file)
  const send = async (): Promise<void> => {
    for (const part of queue) {
      const etag = await sendPart({ ...options, signal, reader }, part, progress)
      noteEtag(notesPath, progress, part.number, etag)
      sentBytes += part.end - part.start
      onProgress(sentBytes)
    }
  }
  const ends = await Promise.allSettled(
    Array.from({ length: IN_FLIGHT }, async () => {
      // A part that fails aborts the others; what they had sent is noted, and nothing after that.
      await send().catch((error: unknown) => {
        failed.abort()
        throw error
      })
    }),
  )
  const reasons = ends.flatMap((end): unknown[] => (end.status === 'rejected' ? [end.reason] : []))
  if (reasons.length > 0) throw reasons.find((reason) => !isAborted(reason)) ?? reasons[0]
  if (!isSameFile(await stateOf(file), options)) throw changed(`Uploading ${file}`)
}

async function sendPart(
  { fetch, signal, timeoutMs, reader }: MultipartOptions & { readonly reader: PartReader },
  part: Part,
  { notes }: UploadProgress,
): Promise<string> {
  const target = notes.targets.find((each) => each.number === part.number)
  if (target === undefined) throw new Error(`The server gave no place for part ${part.number}.`)
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await putPart(target, part, {
        fetch,
        signal,
        reader,
        timeoutMs: timeoutMs(part.end - part.start),
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

/** Whether it was aborted because another part failed. */
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
    verdict: 'wait',
    cause,
  })
}
