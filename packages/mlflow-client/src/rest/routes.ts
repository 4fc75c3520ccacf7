import { artifactPlace, type ArtifactPlace } from './artifact-route.ts'
import { API_PATH } from './call.ts'
import type { ArtifactContent } from './content.ts'
import { MlflowError } from './mlflow-error.ts'
import { isRoute, readRequest } from './route-fields.ts'
import type { AnswerOf, RequestOf, RouteName } from './wire-routes.ts'

/** Handlers of some routes of MLflow's REST API: a store, or anything else that stands in for a server. */
export type RouteHandlers = {
  readonly [Name in RouteName]?: (request: RequestOf<Name>) => Promise<AnswerOf<Name>>
}

/** Handlers for the artifacts of runs. */
export interface ArtifactHandlers {
  read(place: ArtifactPlace): Promise<ArtifactContent>
  write(place: ArtifactPlace, content: ArtifactContent): Promise<void>
  remove(place: ArtifactPlace): Promise<void>
}

/** A request for one of the routes, whatever transport it came by. */
export interface RouteRequest {
  readonly method: string
  /** Without its query. */
  readonly path: string
  /** The query's parameters, or the parsed body. */
  readonly fields: unknown
}

/**
 * Answer a request: find its route, validate its fields, and call the handler.
 *
 * @returns undefined when there is no handler for it
 * @throws MlflowError as a server's: `errorAnswer` turns it into a response
 */
export async function answerRoute(
  handlers: RouteHandlers,
  { method, path, fields }: RouteRequest,
): Promise<object | undefined> {
  if (!path.startsWith(API_PATH)) return undefined
  const name = `${method} ${path.slice(API_PATH.length)}`
  return isRoute(name) ? await answer(handlers, name, fields) : undefined
}

async function answer<Name extends RouteName>(
  handlers: RouteHandlers,
  name: Name,
  fields: unknown,
): Promise<AnswerOf<Name> | undefined> {
  const handler: RouteHandlers[Name] = handlers[name]
  return await handler?.(readRequest(name, fields))
}

/**
 * Answer a request about the bytes of an artifact: with its content, or with success.
 *
 * @returns undefined when the request is not about an artifact of a run
 * @throws MlflowError as a server's
 */
export async function answerArtifact(
  handlers: ArtifactHandlers,
  { method, path }: Pick<RouteRequest, 'method' | 'path'>,
  content: ArtifactContent = new Blob([]),
): Promise<ArtifactContent | undefined> {
  const place = artifactPlace(path)
  if (place === undefined) return undefined
  if (method === 'GET') return await handlers.read(place)
  if (method === 'DELETE') await handlers.remove(place)
  else await handlers.write(place, content)
  return new Blob(['{}'])
}

/** The response to an error, in MLflow's form. */
export function errorAnswer(error: unknown): {
  readonly status: number
  readonly body: { readonly error_code: string; readonly message: string }
} {
  const message = error instanceof Error ? error.message : String(error)
  if (!(error instanceof MlflowError)) return { status: 500, body: { error_code: 'INTERNAL_ERROR', message } }
  // What failed for want of a response is worth a retry.
  const { status, errorCode } = error
  if (status === 0) return { status: 503, body: { error_code: 'TEMPORARILY_UNAVAILABLE', message } }
  return { status, body: { error_code: errorCode ?? 'INTERNAL_ERROR', message } }
}
