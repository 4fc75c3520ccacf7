import { MlflowError } from '../rest/mlflow-error.ts'
import { refusal } from '../rest/refusal.ts'
import { answerArtifact, answerRoute } from '../rest/routes.ts'
import type { HttpMethod, RequestParts, Transport } from '../rest/transport.ts'
import { toFileUri } from '../settings/file-uri.ts'
import { ensureStore } from './experiments.ts'
import { fileArtifacts, fileRoutes } from './file-routes.ts'

/**
 * A transport to a local store in MLflow's own format instead of a server.
 *
 * Delivery, sync and reading use it as they use a server: one way to log, two places.
 *
 * @param path - the store's folder, for example `./mlruns`; it is created with the first write
 */
export function createFileTransport(path: string): Transport {
  const routes = fileRoutes(path)
  const artifacts = fileArtifacts(path)
  return {
    trackingUri: toFileUri(path),
    async json<Answer>(method: HttpMethod, route: string, parts: RequestParts = {}): Promise<Answer> {
      const answer = await onDisk(path, async () => {
        ensureStore(path)
        return await answerRoute(routes, { method, path: route, fields: fieldsOf(parts) })
      })
      if (answer === undefined)
        throw refusal('NOT_IMPLEMENTED', `A local store has no answer to ${method} ${route}.`)
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the caller names the shape of a route's answer, as it does for a server
      return answer as Answer
    },
    async raw(method, route, { content } = {}): Promise<Response> {
      const answer = await onDisk(path, () => answerArtifact(artifacts, { method, path: route }, content))
      if (answer === undefined)
        throw refusal('RESOURCE_DOES_NOT_EXIST', `A local store has no place for ${route}.`)
      return new Response(ReadableStream.from(answer.stream()), {
        headers: { 'content-length': String(answer.size) },
      })
    },
  }
}

/** A disk that is full or unavailable is treated like such a server: retried, while the journal keeps everything. */
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
      cause: error,
    })
  }
}

function fieldsOf({ query, json, jsonText }: RequestParts): unknown {
  return jsonText === undefined ? (json ?? query) : JSON.parse(jsonText)
}
