import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { normalizeArtifactPath } from '../artifacts/path.ts'
import { artifactRoute } from '../rest/artifact-route.ts'
import { listArtifacts, walkArtifacts } from '../rest/artifacts.ts'
import { MlflowError } from '../rest/mlflow-error.ts'
import { refusal } from '../rest/refusal.ts'
import type { Transport } from '../rest/transport.ts'
import type { WireFile } from '../rest/wire.ts'

/** What to download, and where to. */
export interface Download {
  readonly runId: string
  readonly artifactUri: string
  /** A file or folder among the run's artifacts; empty for all of them. */
  readonly path: string
  /** The target folder, which is created if it does not exist. */
  readonly to: string
  /** How long a transfer may stall, in ms. */
  readonly stallMs: number
}

/** How many files are downloaded at once. */
const AT_ONCE = 4
/** A large file may take any time, as long as it does not stall. */
const NO_LIMIT_MS = 2 ** 31 - 1

/**
 * Download a file, or a folder recursively, to the same paths below a local folder.
 *
 * Each file appears when it is complete, with the size that the server lists.
 *
 * @returns the files that were written, in the order of their paths
 * @throws MlflowError when the server has no such artifact, or names one that would be written outside of the folder
 */
export async function downloadArtifacts(transport: Transport, download: Download): Promise<string[]> {
  const files = filesAt(transport, download)
  const written: string[] = []
  const work = async (): Promise<void> => {
    for await (const file of files) written.push(await downloadFile(transport, download, file))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  if (written.length === 0 && download.path !== '')
    throw refusal('RESOURCE_DOES_NOT_EXIST', `The run ${download.runId} has no artifact ${download.path}`)
  return written.sort()
}

async function* filesAt(
  transport: Transport,
  { runId, path }: Download,
): AsyncGenerator<WireFile, void, undefined> {
  const wanted = path === '' ? '' : normalizeArtifactPath(path)
  if (wanted === undefined) throw refusal('INVALID_PARAMETER_VALUE', `Invalid path: ${JSON.stringify(path)}`)
  const folder = dirname(wanted)
  const beside =
    wanted === '' ? [] : await listArtifacts(transport, { runId, path: folder === '.' ? '' : folder })
  const file = beside.find((each) => each.path === wanted && each.is_dir !== true)
  if (file === undefined) yield* walkArtifacts(transport, { runId, path: wanted })
  else yield file
}

async function downloadFile(
  transport: Transport,
  { artifactUri, to, stallMs }: Download,
  { path, file_size: listed }: WireFile,
): Promise<string> {
  if (normalizeArtifactPath(path) !== path || /[\\\0]/.test(path))
    throw refusal('INVALID_PARAMETER_VALUE', `The server names an artifact ${JSON.stringify(path)}`)
  const target = join(to, path)
  const staged = join(dirname(target), `.soen-${randomUUID()}`)
  const stalled = new AbortController()
  const timer = setTimeout(() => stalled.abort(new Error(`nothing came for ${stallMs} ms`)), stallMs)
  try {
    const { signal } = stalled
    const options = { signal, timeoutMs: NO_LIMIT_MS }
    const response = await transport.raw('GET', artifactRoute(artifactUri, path), options)
    await mkdir(dirname(target), { recursive: true })
    let bytes = 0
    await pipeline(
      Readable.fromWeb(response.body ?? new ReadableStream()),
      async function* count(chunks: AsyncIterable<Uint8Array>) {
        for await (const chunk of chunks) {
          timer.refresh()
          bytes += chunk.length
          yield chunk
        }
      },
      createWriteStream(staged),
      { signal },
    )
    if (listed !== undefined && bytes !== Number(listed)) throw torn(path, `${bytes} of ${listed} bytes came`)
    await rename(staged, target)
    return target
  } catch (error) {
    throw error instanceof MlflowError
      ? error
      : torn(path, error instanceof Error ? error.message : String(error), error)
  } finally {
    clearTimeout(timer)
    await rm(staged, { force: true })
  }
}

function torn(path: string, why: string, cause?: unknown): MlflowError {
  return new MlflowError({
    code: 'SOEN_SERVER_UNREACHABLE',
    message: `The artifact ${path} was not downloaded: ${why}.`,
    hint: 'Nothing half is left behind. Check the network and the disk, and download it again.',
    status: 0,
    cause,
  })
}
