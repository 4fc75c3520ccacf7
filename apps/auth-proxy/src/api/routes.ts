import type { ApiRoute } from './api-route.ts'
import { auditRoutes } from './audit.ts'
import { myRoutes } from './me.ts'
import { mlflowAccountRoutes } from './mlflow-account.ts'
import { sessionRoutes } from './sessions.ts'
import { tokenRoutes } from './tokens.ts'
import { userRoutes } from './users.ts'

/** Everything that the API does. The OpenAPI file is made from this list. */
export const apiRoutes: readonly ApiRoute[] = [
  ...myRoutes,
  ...tokenRoutes,
  ...sessionRoutes,
  ...userRoutes,
  ...auditRoutes,
]

/** A route that was found, with the values of its path. */
export interface FoundRoute {
  readonly route: ApiRoute
  readonly params: Readonly<Record<string, string>>
}

/** Below our own prefix, with their paths taken apart. */
const ownPatterns = takenApart(apiRoutes)
/** Nearly every request asks whether it is one of these, whose paths hold no values. */
const mlflowPaths = Map.groupBy(mlflowAccountRoutes, ({ path }) => path)

/** All routes at a path, whatever the method. */
export function routesAt(path: string): readonly FoundRoute[] {
  if (!path.startsWith('/_soen/'))
    return (mlflowPaths.get(path) ?? []).map((route) => ({ route, params: {} }))
  const segments = path.split('/')
  return ownPatterns.flatMap(({ route, steps }) => {
    const params = matchPath(steps, segments)
    return params === undefined ? [] : [{ route, params }]
  })
}

function takenApart(routes: readonly ApiRoute[]): readonly { route: ApiRoute; steps: readonly string[] }[] {
  return routes.map((route) => ({ route, steps: route.path.split('/') }))
}

function matchPath(
  steps: readonly string[],
  segments: readonly string[],
): Record<string, string> | undefined {
  if (steps.length !== segments.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, step] of steps.entries()) {
    const value = segments[index] ?? ''
    const name = step.startsWith('{') ? step.slice(1, -1) : undefined
    if (name !== undefined && value !== '') params[name] = value
    else if (step !== value) return undefined
  }
  return params
}
