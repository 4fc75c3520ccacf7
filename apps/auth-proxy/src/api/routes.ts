import type { ApiRoute } from './api-route.ts'
import { myRoutes } from './me.ts'
import { mlflowAccountRoutes } from './mlflow-account.ts'
import { sessionRoutes } from './sessions.ts'
import { tokenRoutes } from './tokens.ts'
import { userRoutes } from './users.ts'

/** Everything that the API does. The OpenAPI file is made from this list. */
export const apiRoutes: readonly ApiRoute[] = [...myRoutes, ...tokenRoutes, ...sessionRoutes, ...userRoutes]

/** A route that was found, with the values of its path. */
export interface FoundRoute {
  readonly route: ApiRoute
  readonly params: Readonly<Record<string, string>>
}

/** All routes at a path, whatever the method. */
export function routesAt(path: string): readonly FoundRoute[] {
  return [...apiRoutes, ...mlflowAccountRoutes].flatMap((route) => {
    const params = matchPath(route.path, path)
    return params === undefined ? [] : [{ route, params }]
  })
}

function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const [wanted, given] = [pattern.split('/'), path.split('/')]
  if (wanted.length !== given.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, segment] of wanted.entries()) {
    const value = given[index] ?? ''
    const name = /^\{(?<name>\w+)\}$/.exec(segment)?.groups?.['name']
    if (name !== undefined && value !== '') params[name] = value
    else if (segment !== value) return undefined
  }
  return params
}
