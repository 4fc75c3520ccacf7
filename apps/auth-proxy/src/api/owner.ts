import { normalizeName } from '../identity/user.ts'
import type { ApiCall } from './api-route.ts'
import { isManager, requireManager } from '../actions/permissions.ts'

/** How a list is narrowed to one account. */
export const ownerQuery: Readonly<Record<string, string>> = { owner: 'only those of this account' }

/** Whose things are listed: one's own; for an admin everybody's (undefined), unless the query names somebody. */
export function ownerAsked({ principal, query }: Pick<ApiCall, 'principal' | 'query'>): string | undefined {
  const named = query.get('owner')
  if (named === null) return isManager(principal) ? undefined : principal.name
  const owner = normalizeName(named)
  if (owner !== principal.name) requireManager(principal)
  return owner
}
