import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import type { Subject } from '../audit/record.ts'
import type { Refusal } from '../errors/refusals.ts'
import type { ClientAddress } from '../http/client-address.ts'
import type { User } from '../identity/user.ts'
import type { Feature } from '../routes/rule.ts'
import type { Principal } from '../identity/principal.ts'

/** A request that the front door answers itself. */
export interface OwnRequest {
  readonly method: string
  readonly path: string
  /** Values of the path's `{names}`. */
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly client: ClientAddress
  /** The address of the connection itself; undefined on a unix socket. */
  readonly peer: string | undefined
  /** The whole body as text; refuses one that is larger than any form of ours. */
  readonly readBody: () => Promise<string>
  /** Who asks; throws a `Refusal` for nobody. */
  readonly authenticate: () => Promise<Principal>
}

/** What is answered. */
export interface OwnAnswer {
  readonly status: number
  readonly headers: OutgoingHttpHeaders
  readonly body: string
  /** For the audit: why it was not done, who signed in, and what was changed. */
  readonly code?: string
  readonly actor?: string
  readonly touched?: readonly Subject[]
}

/** A path of ours, and what is answered there. */
export interface OwnRoute {
  readonly kind: 'own'
  /** `*` for every method that has no route of its own at this path. */
  readonly method: string
  readonly path: string
  /** How the audit names what is done there: by the path, or only as a page; left out for what nobody does anything with. */
  readonly recordedBy?: 'path' | 'page'
  readonly answer: (request: OwnRequest) => Promise<OwnAnswer>
}

/** Puts an answer of ours at a path. */
export function own(route: Omit<OwnRoute, 'kind'>): OwnRoute {
  return { kind: 'own', ...route }
}

/** The front door's own pages and API. */
export interface Site {
  readonly routes: readonly OwnRoute[]
  /** HTML that MLflow's own page begins with, so that it fits this server and leads to ours. */
  readonly headOfMlflow: (user: User, features: ReadonlySet<Feature>) => string
  /** What a person gets instead of a page: the way to sign in and back, or the reason in words. */
  readonly refuse: (
    refusal: Refusal,
    request: Pick<IncomingMessage, 'method' | 'url' | 'headers'>,
  ) => OwnAnswer
}

/** What is done on a page or by the API, for the record: never the values in a path. Undefined for what is neither. */
export function actionOf({ recordedBy, method, path }: OwnRoute, asked: string): string | undefined {
  if (recordedBy === undefined) return undefined
  return recordedBy === 'path' && method === asked ? `${method} ${path}` : `${asked} (page)`
}
