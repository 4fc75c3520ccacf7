import type { User } from '../identity/user.ts'

/** Answers a signed-in user from the front door itself, in JSON. */
export type OwnRoute = (user: User) => object

/** Paths that MLflow never gets. Read with GET only. */
export const ownRoutes: ReadonlyMap<string, OwnRoute> = new Map<string, OwnRoute>([
  ['/_soen/whoami', ({ name, role }) => ({ user: name, role })],
  ['/ajax-api/2.0/mlflow/users/current', currentUser],
])

/**
 * What MLflow's own page asks to show who is signed in. It wants a number as id but never sends it back.
 * Only with `is_basic_auth` its menu has a way to sign out.
 */
function currentUser({ name, role }: User): object {
  return { user: { id: 0, username: name, is_admin: role === 'admin' }, is_basic_auth: true }
}
