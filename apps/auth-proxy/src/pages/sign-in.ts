import { beginSession, leaveSession } from '../actions/sign-in.ts'
import type { OwnAnswer, OwnRequest } from '../destination/own-route.ts'
import { signInCookies, signOutCookies } from '../identity/cookies.ts'
import type { Identity } from '../identity/open-identity.ts'
import { sessionAbsoluteMs } from '../identity/session.ts'
import { normalizeName } from '../identity/user.ts'
import { Refusal } from '../errors/refusals.ts'
import { redirectDone } from './done.ts'
import { html } from './html.ts'
import { showPage } from './layout.ts'
import { errorInWords, problem, success } from './notice.ts'
import type { Reader } from './reader.ts'
import { redirectTo } from './redirect.ts'
import { returnPath } from './return-path.ts'

/** The message on a sign-in page, and the values kept in its form. */
interface SignInPage {
  readonly done?: string | undefined
  readonly failure?: Refusal
  readonly name?: string
}

/** Shows the sign-in form. It has no action, so it is sent to its own address, which has the path to return to. */
export function showSignIn(reader: Reader, { done, failure, name }: SignInPage = {}): OwnAnswer {
  const { words } = reader
  const [isFirst, refused] = [name === undefined, html`aria-describedby="problem"`]
  return showPage({
    reader,
    title: words.signIn,
    status: failure?.status ?? 200,
    body: html`${problem(failure && errorInWords(failure, reader), false)} ${success(done, false)}
      <form method="post">
        <label for="name">${words.userName}</label>
        <input
          id="name"
          name="name"
          value="${name ?? ''}"
          autocomplete="username"
          autocapitalize="none"
          spellcheck="false"
          required
          ${isFirst && html`autofocus`}
        />
        <label for="password">${words.password}</label>
        <input
          id="password"
          name="password"
          type="password"
          autocomplete="current-password"
          required
          ${!isFirst && html`autofocus`}
          ${failure !== undefined && refused}
        />
        <button>${words.signIn}</button>
      </form>
      <p class="soft">${words.programsUseTokens}</p>`,
  })
}

/** Signs a browser in: opens a new session, whatever it had before, and redirects to where it wanted to go. */
export async function signIn(
  identity: Identity,
  request: OwnRequest,
  form: URLSearchParams,
  reader: Reader,
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
    const page = showSignIn(reader, { failure: error, ...(typed.user !== '' && { name: typed.user }) })
    return { ...page, code: error.code, ...(named && { actor: named.name }) }
  }
}

/** Signs a browser out, here and in the store, and clears its stored data. */
export async function signOut(
  identity: Identity,
  request: OwnRequest,
  sessionId: string,
): Promise<OwnAnswer> {
  await leaveSession(identity, sessionId)
  const { headers, ...answer } = redirectDone('/_soen/sign-in', 'signed-out')
  return {
    ...answer,
    headers: {
      ...headers,
      'set-cookie': signOutCookies(request.client.isSecure),
      'clear-site-data': '"cache", "storage"',
    },
  }
}
