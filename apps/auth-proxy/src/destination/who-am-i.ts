import type { User } from '../identity/user.ts'
import { json, readOnly } from './answers.ts'
import type { OwnRoute } from './own-route.ts'

/** Routes that tell callers who they are, answered in MLflow's place. There even without our pages and API. */
export const whoAmI: readonly OwnRoute[] = [
  ...readOnly('/_soen/whoami', async ({ authenticate }) => {
    const { name, role } = await authenticate()
    return json(200, { user: name, role })
  }),
  ...readOnly('/ajax-api/2.0/mlflow/users/current', async ({ authenticate }) =>
    json(200, currentUser(await authenticate())),
  ),
]

/**
 * The user as MLflow's own page expects it. It wants a number as id but never sends it back; only with
 * `is_basic_auth` does its menu offer to sign out.
 */
function currentUser({ name, role }: User): object {
  return { user: { id: 0, username: name, is_admin: role === 'admin' }, is_basic_auth: true }
}
