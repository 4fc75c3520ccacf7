import { csrfToken, mintSession } from '../identity/session.ts'
import { findCookieSession } from '../identity/session-login.ts'
import { addSession, endSession } from '../identity/stored-sessions.ts'
import type { ClientAddress } from '../http/client-address.ts'
import type { Credentials } from '../identity/basic-credentials.ts'
import type { Identity } from '../identity/open-identity.ts'

/** A browser that wants to sign in. */
export interface SignIn {
  readonly typed: Credentials
  readonly client: ClientAddress
  readonly userAgent: string
  /** Its cookies: a session that it has already ends. */
  readonly cookie: string | undefined
}

/** A session that began: whose it is, and what the browser gets of it. */
export interface SignedIn {
  readonly id: string
  readonly owner: string
  readonly secret: string
  readonly csrf: string
}

/** Begins a new session for who types the right password, whatever the browser had before. */
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

/** Ends the session that a browser signs out of. */
export async function leaveSession({ store }: Identity, id: string): Promise<void> {
  await store.change((db) => endSession(db, id))
}
