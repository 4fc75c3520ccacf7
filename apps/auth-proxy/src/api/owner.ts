import { ownerAsked } from '../actions/owner.ts'
import type { ApiCall } from './api-route.ts'

/** How a list is narrowed to one account. */
export const ownerQuery: Readonly<Record<string, string>> = { owner: 'only those of this account' }

/** Whose things a call wants listed. */
export function ownerOf(call: ApiCall): string | undefined {
  return ownerAsked(call, call.query.get('owner'))
}
