import type { HttpMethod, RequestParts, Transport } from './transport.ts'
import type { AnswerOf, RequestOf, RouteName } from './wire-routes.ts'

/** The path of MLflow's REST API. */
export const API_PATH = '/api/2.0/mlflow/'

/**
 * The field that proves that a response is the route's own; with `?`, an object without any field is valid, too.
 *
 * A page from something in between may be JSON as well: if it were taken for a response, what was sent would be
 * lost.
 */
const PROOFS: Readonly<Partial<Record<RouteName, string>>> = {
  'GET experiments/get': 'experiment',
  'GET experiments/get-by-name': 'experiment',
  'POST experiments/search': 'experiments?',
  'POST experiments/create': 'experiment_id',
  'GET runs/get': 'run',
  'POST runs/search': 'runs?',
  'POST runs/create': 'run',
  'POST runs/update': 'run_info',
  'GET metrics/get-history': 'metrics?',
  // With the folder's address, or only the token of a further page.
  'GET artifacts/list': 'root_uri?',
}
/** For routes with an empty response. */
const EMPTY_ANSWER = '?'

/** Call a route of the server: one attempt. */
export async function call<Name extends RouteName>(
  transport: Transport,
  route: Name,
  request: RequestOf<Name>,
  { signal }: Pick<RequestParts, 'signal'> = {},
): Promise<AnswerOf<Name>> {
  const { method, path, proof } = locateRoute(route)
  if (method !== 'GET') return await transport.json(method, path, { json: request, signal, proof })
  const query: NonNullable<RequestParts['query']> = {}
  return await transport.json(method, path, { query: Object.assign(query, request), signal, proof })
}

/** The method of a route, its path, and the proof of its responses. */
export function locateRoute(route: RouteName): {
  readonly method: HttpMethod
  readonly path: string
  readonly proof: string
} {
  const [method, path] = route.split(' ')
  return {
    method: method === 'GET' ? 'GET' : 'POST',
    path: `${API_PATH}${path}`,
    proof: PROOFS[route] ?? EMPTY_ANSWER,
  }
}
