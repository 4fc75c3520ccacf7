import { ownerAsked } from '../actions/owner.ts'
import type { ApiCall } from './api-route.ts'

/** The query parameter that narrows a list to one account. */
export const ownerQuery: Readonly<Record<string, string>> = { owner: 'only those of this account' }

/** The owner whose things a call lists. */
export function ownerOf(call: ApiCall): string | undefined {
  return ownerAsked(call, call.query.get('owner'))
}
