import * as z from 'zod'
import { changePassword } from '../actions/password.ts'
import { Refusal } from '../errors/refusals.ts'
import { normalizeName } from '../identity/user.ts'
import { withBody } from './api-route.ts'
import type { ApiRoute } from './api-route.ts'

/**
 * What MLflow's own account page asks for, answered from our accounts. It knows MLflow's roles, of which
 * nobody has any here: ours are shown on the page of one's own account.
 */
export const mlflowAccountRoutes: readonly ApiRoute[] = [
  {
    method: 'GET',
    path: '/ajax-api/3.0/mlflow/users/roles/list',
    summary: 'Lists the MLflow roles of a user.',
    access: 'user',
    output: z.strictObject({ roles: z.array(z.never()) }),
    handle: async () => ({ roles: [] }),
  },
  {
    method: 'GET',
    path: '/ajax-api/3.0/mlflow/users/current/permissions',
    summary: "Lists one's own MLflow permissions.",
    access: 'user',
    output: z.strictObject({ permissions: z.array(z.never()) }),
    handle: async () => ({ permissions: [] }),
  },
  withBody({
    method: 'PATCH',
    path: '/ajax-api/2.0/mlflow/users/update-password',
    summary: "Changes one's own password.",
    access: 'user',
    input: z.strictObject({ username: z.string(), password: z.string(), current_password: z.string() }),
    output: z.strictObject({}),
    async handle(call, { username, password, current_password: current }) {
      if (normalizeName(username) !== call.principal.name) throw new Refusal('SOEN_ADMIN_ONLY')
      await changePassword(call, { current, password }, call.address)
      return {}
    },
  }),
]
