import type { HttpMethod, RequestParts, Transport } from './transport.ts'
import type { AnswerOf, RequestOf, RouteName } from './wire-routes.ts'

/** Where MLflow's REST API begins. */
export const API_PATH = '/api/2.0/mlflow/'

/**
 * By which field an answer shows that it is the route's own; with `?`, one without any field is, too.
 *
 * A page that stands in for a server may be JSON: taken for an answer, it would lose what was sent.
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
  // With the folder's address, or a page of it.
  'GET artifacts/list': 'root_uri?',
}
/** Of what answers nothing. */
const EMPTY_ANSWER = '?'

/** Ask a route of the server: one attempt. */
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

/** The method of a route, the path that a request names it by, and by what its answer is known. */
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
