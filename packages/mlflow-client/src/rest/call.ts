import type { HttpMethod, RequestParts, Transport } from './transport.ts'
import type { AnswerOf, RequestOf, RouteName } from './wire-routes.ts'

/** Where MLflow's REST API begins. */
export const API_PATH = '/api/2.0/mlflow/'

/** Ask a route of the server: one attempt. */
export async function call<Name extends RouteName>(
  transport: Transport,
  route: Name,
  request: RequestOf<Name>,
  { signal }: Pick<RequestParts, 'signal'> = {},
): Promise<AnswerOf<Name>> {
  const { method, path } = locateRoute(route)
  if (method !== 'GET') return await transport.json(method, path, { json: request, signal })
  const query: NonNullable<RequestParts['query']> = {}
  return await transport.json(method, path, { query: Object.assign(query, request), signal })
}

/** The method of a route, and the path that a request names it by. */
export function locateRoute(route: RouteName): { readonly method: HttpMethod; readonly path: string } {
  const [method, path] = route.split(' ')
  return { method: method === 'GET' ? 'GET' : 'POST', path: `${API_PATH}${path}` }
}
