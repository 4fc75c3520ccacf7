import { normalizeName } from '../identity/user.ts'
import type { Asker } from './asker.ts'
import { isAdmin, requireAdmin } from './permissions.ts'

/** Whose things are listed: one's own; for an admin everybody's (undefined), unless somebody is named. */
export function ownerAsked(
  { principal }: Pick<Asker, 'principal'>,
  named: string | null,
): string | undefined {
  if (named === null) return isAdmin(principal) ? undefined : principal.name
  const owner = normalizeName(named)
  if (owner !== principal.name) requireAdmin(principal)
  return owner
}
