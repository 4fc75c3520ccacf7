import type { Identity } from '../identity/open-identity.ts'
import type { Principal } from '../identity/principal.ts'

/** The caller of an action, and what the action works on. */
export interface Asker {
  readonly identity: Identity
  readonly principal: Principal
}
