import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'
import type { Subject } from '../audit/record.ts'
import { Refusal } from '../refusals.ts'
import type { ClientAddress } from '../identity/client-address.ts'
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

/** Largest body of our own API and forms. */
const maxBodyBytes = 64 * 1024

/** Reads a small body as UTF-8. */
export async function readSmallBody(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream) {
    size += chunk.length
    if (size > maxBodyBytes) throw new Refusal('SOEN_FORM_TOO_LARGE')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
