import type { User } from './user.ts'

/** The credential that authenticated a caller. */
export type Credential =
  | { readonly kind: 'password' }
  | { readonly kind: 'token'; readonly id: string; readonly name: string }
  | { readonly kind: 'session'; readonly id: string; readonly csrf: string }
  /** Write access to the state itself, on the machine that has it. */
  | { readonly kind: 'operator' }

/** An authenticated caller, with the role in force and the credential. */
export interface Principal extends User {
  readonly credential: Credential
  /** Whether several people share this password. */
  readonly isLegacy: boolean
}

/** What a request says about its caller. */
export interface Attempt {
  readonly authorization: string | undefined
  readonly cookie?: string | undefined
  /** The client's address; behind a TLS proxy, the one which that proxy reports. */
  readonly address: string
  /** Whether the client connected by https. */
  readonly isSecure?: boolean
}

/** Authenticates requests; throws a `Refusal` for everybody who isn't let in. */
export interface Authenticator {
  authenticate(attempt: Attempt): Promise<Principal>
  /** The account whose name or token a refused caller used; undefined where there is no such account. */
  claimed?(attempt: Attempt): string | undefined
}
