import { csrfToken, mintSession } from '../identity/session.ts'
import { findCookieSession } from '../identity/session-login.ts'
import { addSession, endSession } from '../identity/stored-sessions.ts'
import type { ClientAddress } from '../http/client-address.ts'
import type { Credentials } from '../identity/basic-credentials.ts'
import type { Identity } from '../identity/open-identity.ts'

/** A browser's request to sign in. */
export interface SignIn {
  readonly typed: Credentials
  readonly client: ClientAddress
  readonly userAgent: string
  /** The browser's cookies: a session they name is ended. */
  readonly cookie: string | undefined
}

/** A session that was opened: its user, and the cookie for the browser. */
export interface SignedIn {
  readonly id: string
  readonly owner: string
  readonly secret: string
  readonly csrf: string
}

/** Opens a new session after a correct password, whatever session the browser had before. */
export async function beginSession(
  { directory, logIn, store }: Identity,
  { typed, client, userAgent, cookie }: SignIn,
): Promise<SignedIn> {
  await directory.refresh()
  const { name: owner } = await logIn(typed, client.address)
  const { secret, stored } = mintSession({ owner, address: client.address, userAgent }, new Date())
  const before = findCookieSession(directory, cookie, client.isSecure)
  await store.change(async (db) => {
    if (before !== undefined) await endSession(db, before.id)
    await addSession(db, stored)
  })
  return { id: stored.id, owner, secret, csrf: csrfToken(secret) }
}

/** Ends the session of a browser that signs out. */
export async function leaveSession({ store }: Identity, id: string): Promise<void> {
  await store.change((db) => endSession(db, id))
}
