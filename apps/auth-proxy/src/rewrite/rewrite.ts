import type { Call } from '../canonical/call.ts'
import type { User } from '../identity/user.ts'
import { stampOwner } from './stamp-owner.ts'

/** Returns the body to forward: a changed one, or the same where nothing has to change. */
type Rewriting = (call: Pick<Call, 'route' | 'body'>, user: User) => Call['body']

/** Every change that is made to a call after it was allowed. */
const rewritings: readonly Rewriting[] = [stampOwner]

/** The call to forward. */
export function rewrite(call: Call, user: User): Call {
  const { route } = call
  let { body } = call
  for (const rewriting of rewritings) body = rewriting({ route, body }, user)
  return body === call.body ? call : { ...call, body }
}
