import type { Call } from '../canonical/call.ts'
import type { User } from '../identity/user.ts'
import { stampOwner } from './stamp-owner.ts'

/** Gives a call another body than was sent, or the same where it has nothing to change. */
type Rewriting = (call: Pick<Call, 'route' | 'body'>, user: User) => Call['body']

/** Everything that is changed of a call after it was let in. */
const rewritings: readonly Rewriting[] = [stampOwner]

/** The call as it is sent on. */
export function rewrite(call: Call, user: User): Call {
  const { route } = call
  let { body } = call
  for (const rewriting of rewritings) body = rewriting({ route, body }, user)
  return body === call.body ? call : { ...call, body }
}
