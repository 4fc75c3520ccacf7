import type { ArtifactContent } from '../rest/content.ts'
import { toFileUri } from '../settings/file-uri.ts'
import { findRunFolder } from './runs.ts'
import { MlflowError } from '../rest/mlflow-error.ts'
import type { HttpMethod, RequestParts, Transport } from '../rest/transport.ts'
import { readArtifact, removeArtifact, writeArtifact } from './artifacts.ts'
import { ensureStore } from './experiments.ts'
import { fileRoutes, type FileRequest } from './file-routes.ts'
import { refusal } from './refusal.ts'

const API = '/api/2.0/mlflow/'
const ARTIFACTS = '/api/2.0/mlflow-artifacts/artifacts/'

/**
 * A transport that answers from a local store in MLflow's own format instead of from a server.
 *
 * Delivery, sync and reading speak to it as they speak to a server: one way to log, two places.
 *
 * @param path - the store's folder, for example `./mlruns`; it is created with the first write
 */
export function createFileTransport(path: string): Transport {
  const routes = fileRoutes(path)
  return {
    trackingUri: toFileUri(path),
    async json<Answer>(method: HttpMethod, route: string, parts: RequestParts = {}): Promise<Answer> {
      const name = `${method} ${route.startsWith(API) ? route.slice(API.length) : route}`
      const answer = routes.get(name)
      if (answer === undefined)
        throw refusal('NOT_IMPLEMENTED', `A local store has no answer to ${method} ${route}.`)
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the caller names the shape of a route's answer, as it does for a server
      return (await onDisk(path, () => {
        ensureStore(path)
        return answer(requestFrom(parts))
      })) as Answer
    },
    async raw(method, route, { content } = {}): Promise<Response> {
      return await onDisk(path, async () => {
        const [runFolder, artifact] = locate(path, route)
        if (method === 'GET') return answerWith(readArtifact(runFolder, artifact))
        if (method === 'DELETE') removeArtifact(runFolder, artifact)
        else await writeArtifact(runFolder, artifact, content ?? new Blob([]))
        return new Response('{}')
      })
    },
  }
}

function answerWith(content: ArtifactContent): Response {
  return new Response(ReadableStream.from(content.stream()), {
    headers: { 'content-length': String(content.size) },
  })
}

/** A disk that is full or away is like a server that is: it is tried again, and the journal keeps everything. */
async function onDisk<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw error
    throw new MlflowError({
      code: 'SOEN_SERVER_UNREACHABLE',
      message: `The store ${path} cannot be used: ${error.message}`,
      hint: 'Free space, or give this user the right to write there; what was logged stays in the journal until then.',
      status: 0,
      retryable: true,
      cause: error,
    })
  }
}

function requestFrom({ query, json, jsonText }: RequestParts): FileRequest {
  // Requests come from this package's own typed calls: their shapes need no second check.
  return Object.assign({}, query, jsonText === undefined ? json : JSON.parse(jsonText))
}

/** The run's folder and the path below its artifacts. */
function locate(root: string, route: string): [runFolder: string, path: string] {
  const segments = route.startsWith(ARTIFACTS) ? route.slice(ARTIFACTS.length).split('/') : []
  const [, runId = '', folder, ...path] = segments.map(decodeURIComponent)
  const runFolder = findRunFolder(root, runId)
  if (runFolder === undefined || folder !== 'artifacts') {
    throw refusal('RESOURCE_DOES_NOT_EXIST', `A local store has no place for ${route}.`)
  }
  return [runFolder, path.join('/')]
}
