import { beginSession, leaveSession } from '../actions/sign-in.ts'
import type { OwnAnswer, OwnRequest } from '../destination/own-route.ts'
import { signInCookies, signOutCookies } from '../identity/cookies.ts'
import type { Identity } from '../identity/open-identity.ts'
import { sessionAbsoluteMs } from '../identity/session.ts'
import { normalizeName } from '../identity/user.ts'
import { Refusal } from '../errors/refusals.ts'
import { html } from './html.ts'
import { problem, showPage } from './layout.ts'
import { redirectTo } from './redirect.ts'
import { returnPath } from './return-path.ts'

/** Shows the sign-in form. Without an action it comes back to its own address, with the place to return to. */
export function showSignIn(failure?: Refusal): OwnAnswer {
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
  request: OwnRequest,
  form: URLSearchParams,
): Promise<OwnAnswer> {
  const { client, headers, query } = request
  const typed = { user: form.get('name') ?? '', password: form.get('password') ?? '' }
  try {
    const userAgent = headers['user-agent'] ?? ''
    const { id, owner, secret, csrf } = await beginSession(identity, {
      typed,
      client,
      userAgent,
      cookie: headers.cookie,
    })
    const values = { session: secret, csrf, signedIn: encodeURIComponent(owner) }
    const cookies = signInCookies(values, client.isSecure, sessionAbsoluteMs)
    return {
      ...redirectTo(returnPath(query.get('return')), { 'set-cookie': cookies }),
      actor: owner,
      touched: [{ kind: 'session', value: id }],
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
  request: OwnRequest,
  sessionId: string,
): Promise<OwnAnswer> {
  await leaveSession(identity, sessionId)
  return redirectTo('/_soen/sign-in', {
    'set-cookie': signOutCookies(request.client.isSecure),
    'clear-site-data': '"cache", "storage"',
  })
}
