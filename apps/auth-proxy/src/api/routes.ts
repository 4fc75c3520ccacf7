import type { ApiRoute } from './api-route.ts'
import { auditRoutes } from './audit.ts'
import { myRoutes } from './me.ts'
import { sessionRoutes } from './sessions.ts'
import { tokenRoutes } from './tokens.ts'
import { userRoutes } from './users.ts'

/** Every operation of the API. The OpenAPI file is generated from this list. */
export const apiRoutes: readonly ApiRoute[] = [
  ...myRoutes,
  ...tokenRoutes,
  ...sessionRoutes,
  ...userRoutes,
  ...auditRoutes,
]
