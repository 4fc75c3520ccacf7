import { normalizeName } from '../identity/user.ts'
import type { Asker } from './asker.ts'
import { isAdmin, requireAdmin } from './permissions.ts'

/** The owner to list by: the caller, or for an admin everybody (undefined) or a named user. */
export function ownerAsked(
  { principal }: Pick<Asker, 'principal'>,
  named: string | null,
): string | undefined {
  if (named === null) return isAdmin(principal) ? undefined : principal.name
  const owner = normalizeName(named)
  if (owner !== principal.name) requireAdmin(principal)
  return owner
}
