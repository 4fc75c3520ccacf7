import { createReadStream, statSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { basename } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { artifactPlace, refusal } from '@soen/mlflow-client/rest'
import { sendJson } from './send-json.ts'
import { listArtifacts } from './list-artifacts.ts'
import type { RelayedRun } from './relayed-run.ts'
import type { RelayedRuns } from './relayed-runs.ts'
import type { Upstream } from './upstream.ts'

/** The routes by which MLflow's client starts a multipart upload, which only an object store needs. */
const MULTIPART = /^\/(?:ajax-)?api\/2\.0\/mlflow-artifacts\/mpu\//

/** The route by which MLflow's client lists a folder, by its path in the server's store. */
const LIST = /^\/(?:ajax-)?api\/2\.0\/mlflow-artifacts\/artifacts\/?$/

/** A request about artifacts, with what it can be answered from. */
export interface ArtifactRequest {
  readonly runs: RelayedRuns
  readonly upstream: Upstream
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly url: URL
}

/**
 * Answer a request about a file of a run that came through the relay.
 *
 * @returns false where the server has to be asked
 * @throws MlflowError as a server's
 */
export async function answerArtifactRequest(about: ArtifactRequest): Promise<boolean> {
  const { runs, request, response, url } = about
  const path = url.pathname
  if (MULTIPART.test(path))
    throw refusal('NOT_IMPLEMENTED', 'Files go through the relay in one piece; it cuts them itself.')
  if (request.method === 'GET' && LIST.test(path)) return await answerList(about)
  const place = artifactPlace(path)
  const run = place === undefined ? undefined : runs.find(place.runId)
  if (place === undefined || run === undefined) return false
  if (request.method === 'PUT') {
    await run.takeFile(storable(place.path), request)
    sendJson(response, {})
    return true
  }
  return request.method === 'GET' && (await sendWaiting(run, response, place.path))
}

/** The same list as by the run's id, with names in place of paths. */
async function answerList({ runs, upstream, response, url }: ArtifactRequest): Promise<boolean> {
  const [, runId = '', folder, ...below] = (url.searchParams.get('path') ?? '').split('/')
  const run = folder === 'artifacts' ? runs.find(runId) : undefined
  if (run === undefined) return false
  const path = below.filter((segment) => segment !== '').join('/')
  const { files } = await listArtifacts(run, upstream, { path })
  const named = files.map((file) => Object.assign({}, file, { path: basename(file.path) }))
  sendJson(response, { files: named })
  return true
}

async function sendWaiting(run: RelayedRun, response: ServerResponse, path: string): Promise<boolean> {
  const file = run.waitingFile(path)
  const size = file === undefined ? undefined : statSync(file, { throwIfNoEntry: false })?.size
  if (file === undefined || size === undefined) return false
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': size })
  await pipeline(createReadStream(file), response)
  return true
}

function storable(path: string): string {
  const segments = path.split('/')
  if (path !== '' && segments.every((segment) => !['', '.', '..'].includes(segment))) return path
  throw refusal('INVALID_PARAMETER_VALUE', `Invalid path: ${path}`)
}
