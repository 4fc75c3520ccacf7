import type { User } from './user.ts'

/** What somebody showed to come in. */
export type Credential =
  | { readonly kind: 'password' }
  | { readonly kind: 'token'; readonly id: string; readonly name: string }
  | { readonly kind: 'session'; readonly id: string; readonly csrf: string }
  /** The state itself, on the machine that keeps it. */
  | { readonly kind: 'operator' }

/** Who sends a request, in the role that counts, and how that is known. */
export interface Principal extends User {
  readonly credential: Credential
  /** Whether several people share this password. */
  readonly isLegacy: boolean
}

/** What a request says about its sender. */
export interface Attempt {
  readonly authorization: string | undefined
  readonly cookie?: string | undefined
  /** The client's address, behind a TLS proxy as that one reports it. */
  readonly address: string
  /** Whether the client came by https. */
  readonly isSecure?: boolean
}

/** Says who sends a request; throws a `Refusal` for everybody else. */
export interface Authenticator {
  authenticate(attempt: Attempt): Promise<Principal>
  /** Whose name or token somebody showed who was not let in; undefined for what nobody has. */
  claimed?(attempt: Attempt): string | undefined
}
