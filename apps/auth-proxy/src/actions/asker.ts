import type { Identity } from '../identity/open-identity.ts'
import type { Principal } from '../identity/principal.ts'

/** Who wants something done, and where. */
export interface Asker {
  readonly identity: Identity
  readonly principal: Principal
}
