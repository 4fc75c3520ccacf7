import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'
import type { Subject } from '../audit/record.ts'
import type { ClientAddress } from '../http/client-address.ts'
import type { Principal } from '../identity/principal.ts'

/** A request to the front door itself, below `/_soen/`. */
export interface SiteRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly client: ClientAddress
  readonly auditFolder?: string | undefined
  /** The whole body as text; refuses one that is larger than any form of ours. */
  readonly readBody: () => Promise<string>
  /** Who asks; throws a `Refusal` for nobody. */
  readonly authenticate: () => Promise<Principal>
}

/** What is answered. */
export interface SiteAnswer {
  readonly status: number
  readonly headers: OutgoingHttpHeaders
  readonly body: string
  /** For the audit: why it was not done, who signed in, and what was changed. */
  readonly code?: string
  readonly actor?: string
  readonly touched?: readonly Subject[]
}
