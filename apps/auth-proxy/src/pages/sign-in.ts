import type { SiteAnswer, SiteRequest } from '../site/site-request.ts'
import { signInCookies, signOutCookies } from '../identity/cookies.ts'
import type { Identity } from '../identity/open-identity.ts'
import { csrfToken, mintSession, sessionAbsoluteMs } from '../identity/session.ts'
import { findCookieSession } from '../identity/session-login.ts'
import { normalizeName } from '../identity/user.ts'
import { Refusal } from '../errors/refusals.ts'
import { addSession, endSession } from '../identity/stored-sessions.ts'
import { html } from './html.ts'
import { problem, showPage } from './layout.ts'
import { redirectTo } from './redirect.ts'
import { returnPath } from './return-path.ts'

/** Shows the sign-in form. Without an action it comes back to its own address, with the place to return to. */
export function showSignIn(failure?: Refusal): SiteAnswer {
  return showPage({
    title: 'Sign in',
    status: failure?.status ?? 200,
    body: html`${problem(failure && `${failure.message} ${failure.hint}`)}
      <form method="post">
        <label for="name">User name</label>
        <input
          id="name"
          name="name"
          autocomplete="username"
          autocapitalize="none"
          spellcheck="false"
          required
          autofocus
        />
        <label for="password">Password</label>
        <input id="password" name="password" type="password" autocomplete="current-password" required />
        <button>Sign in</button>
      </form>
      <p class="soft">
        Programs do not sign in here: they send an API token, which you make after signing in.
      </p>`,
  })
}

/** Signs a browser in: a new session, whatever it had before, and back to where it wanted to go. */
export async function signIn(
  identity: Identity,
  request: SiteRequest,
  form: URLSearchParams,
): Promise<SiteAnswer> {
  const { client, headers, query } = request
  const typed = { user: form.get('name') ?? '', password: form.get('password') ?? '' }
  try {
    await identity.directory.refresh()
    const { name: owner } = await identity.logIn(typed, client.address)
    const origin = { owner, address: client.address, userAgent: headers['user-agent'] ?? '' }
    const { secret, stored } = mintSession(origin, new Date())
    const before = findCookieSession(identity.directory, headers.cookie, client.isSecure)
    await identity.store.change(async (db) => {
      if (before !== undefined) await endSession(db, before.id)
      await addSession(db, stored)
    })
    const values = { session: secret, csrf: csrfToken(secret), signedIn: encodeURIComponent(owner) }
    const cookies = signInCookies(values, client.isSecure, sessionAbsoluteMs)
    const touched = [{ kind: 'session', value: stored.id }] as const
    return {
      ...redirectTo(returnPath(query.get('return')), { 'set-cookie': cookies }),
      actor: owner,
      touched,
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const named = identity.directory.find(normalizeName(typed.user))
    return { ...showSignIn(error), code: error.code, ...(named && { actor: named.name }) }
  }
}

/** Signs a browser out, here and in the store, and has it forget what it kept. */
export async function signOut(
  identity: Identity,
  request: SiteRequest,
  sessionId: string,
): Promise<SiteAnswer> {
  await identity.store.change((db) => endSession(db, sessionId))
  return redirectTo('/_soen/sign-in', {
    'set-cookie': signOutCookies(request.client.isSecure),
    'clear-site-data': '"cache", "storage"',
  })
}
