import type { User } from '../identity/user.ts'
import { json, readOnly } from './answers.ts'
import type { OwnRoute } from './own-route.ts'

/** What says to somebody who they are; MLflow never gets it. There also without pages and API of ours. */
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
 * What MLflow's own page asks to show who is signed in. It wants a number as id but never sends it back.
 * Only with `is_basic_auth` its menu has a way to sign out.
 */
function currentUser({ name, role }: User): object {
  return { user: { id: 0, username: name, is_admin: role === 'admin' }, is_basic_auth: true }
}
