import * as z from 'zod'
import { changePassword } from '../actions/password.ts'
import { requireAdmin } from '../actions/permissions.ts'
import { accounts } from '../actions/users.ts'
import { Refusal } from '../errors/refusals.ts'
import { normalizeName, roles } from '../identity/user.ts'
import type { Role } from '../identity/user.ts'
import { withBody } from './api-route.ts'
import type { ApiCall, ApiRoute } from './api-route.ts'

const mlflowRole = z.strictObject({
  id: z.number(),
  name: z.string(),
  workspace: z.string(),
  description: z.null(),
  permissions: z.array(z.never()),
})
const mlflowUser = z.strictObject({
  id: z.number(),
  username: z.string(),
  is_admin: z.boolean(),
  roles: z.array(mlflowRole),
})

/** One of our roles in the shape in which MLflow shows its own. */
const asMlflowRole = (name: Role): z.infer<typeof mlflowRole> => ({
  id: roles.indexOf(name),
  name,
  workspace: 'default',
  description: null,
  permissions: [],
})

/** The caller's own role; for an admin also those of others. */
async function rolesOf(call: ApiCall): Promise<readonly Role[]> {
  const { principal, query } = call
  const name = normalizeName(query.get('username') ?? principal.name)
  if (name === principal.name) return [principal.role]
  requireAdmin(principal)
  return (await accounts(call)).filter((account) => account.name === name).map(({ role }) => role)
}

/**
 * The routes that MLflow's own account pages call, answered from our accounts. Browsers are redirected to our
 * pages instead, which can do everything.
 */
export const mlflowAccountRoutes: readonly ApiRoute[] = [
  {
    method: 'GET',
    path: '/ajax-api/3.0/mlflow/users/roles/list',
    summary: 'Lists the MLflow roles of a user.',
    access: 'user',
    output: z.strictObject({ roles: z.array(mlflowRole) }),
    handle: async (call) => ({ roles: (await rolesOf(call)).map(asMlflowRole) }),
  },
  {
    method: 'GET',
    path: '/ajax-api/2.0/mlflow/users/list',
    summary: 'Lists all accounts as MLflow shows its own.',
    access: 'admin',
    output: z.strictObject({ users: z.array(mlflowUser) }),
    handle: async (call) => ({
      users: (await accounts(call)).map(({ name, role }, id) => ({
        id,
        username: name,
        is_admin: role === 'admin',
        roles: [asMlflowRole(role)],
      })),
    }),
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
