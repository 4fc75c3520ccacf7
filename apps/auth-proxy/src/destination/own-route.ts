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
  /** Reads the whole body as text; refuses one that is larger than any form of ours. */
  readonly readBody: () => Promise<string>
  /** Authenticates the caller; throws a `Refusal` when there is none. */
  readonly authenticate: () => Promise<Principal>
}

/** A response of the front door's own. */
export interface OwnAnswer {
  readonly status: number
  readonly headers: OutgoingHttpHeaders
  readonly body: string
  /** For the audit: why it was refused, who signed in, and what was changed. */
  readonly code?: string
  readonly actor?: string
  readonly touched?: readonly Subject[]
}

/** A path of ours with its handler. */
export interface OwnRoute {
  readonly kind: 'own'
  /** `*` for every method that has no route of its own at this path. */
  readonly method: string
  readonly path: string
  /** How the audit names an action here: by its path, or as a page; left out where nothing is done. */
  readonly recordedBy?: 'path' | 'page'
  readonly answer: (request: OwnRequest) => Promise<OwnAnswer>
}

/** Adds an answer of ours to the table of destinations. */
export function own(route: Omit<OwnRoute, 'kind'>): OwnRoute {
  return { kind: 'own', ...route }
}

/** The front door's own pages and API. */
export interface Site {
  readonly routes: readonly OwnRoute[]
  /** HTML for the head of MLflow's own page, which adapts it to this server and links to our pages. */
  readonly headOfMlflow: (user: User, features: ReadonlySet<Feature>) => string
  /** What a person gets in place of a refusal: the sign-in page with the way back, or a page with the reason. */
  readonly refuse: (
    refusal: Refusal,
    request: Pick<IncomingMessage, 'method' | 'url' | 'headers'>,
  ) => OwnAnswer
}

/**
 * The action of a page or an API call, for the record: never with the values in a path. Undefined where
 * nothing is done.
 */
export function actionOf({ recordedBy, method, path }: OwnRoute, asked: string): string | undefined {
  if (recordedBy === undefined) return undefined
  return recordedBy === 'path' && method === asked ? `${method} ${path}` : `${asked} (page)`
}
