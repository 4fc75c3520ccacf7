import type { OwnAnswer } from '../destination/own-route.ts'
import { AuthProxyError } from '../errors/auth-proxy-error.ts'
import type { Setup } from '../actions/setup.ts'
import { html } from './html.ts'
import { problem, showPage } from './layout.ts'
import { redirectTo } from './redirect.ts'

/** Shows the form that makes the first admin. */
export function showSetup(failure?: string): OwnAnswer {
  return showPage({
    title: 'First admin',
    status: failure === undefined ? 200 : 401,
    body: html`${problem(failure)}
      <p>
        This server has no user yet. Its set-up secret lies in a file on the server, which the program named
        when it started.
      </p>
      <form method="post">
        <label for="secret">Set-up secret</label>
        <input id="secret" name="secret" autocomplete="off" spellcheck="false" required autofocus />
        <label for="name">Your user name</label>
        <input
          id="name"
          name="name"
          autocomplete="username"
          autocapitalize="none"
          spellcheck="false"
          required
        />
        <label for="password">A new password</label>
        <input
          id="password"
          name="password"
          type="password"
          autocomplete="new-password"
          minlength="8"
          required
        />
        <button>Make the first admin</button>
      </form>`,
  })
}

/** Makes the first admin of a server, and leads them to sign in. */
export async function completeSetup(setup: Setup, form: URLSearchParams): Promise<OwnAnswer> {
  const typed = {
    secret: form.get('secret') ?? '',
    name: form.get('name') ?? '',
    password: form.get('password') ?? '',
  }
  try {
    if (await setup.complete(typed)) return redirectTo('/_soen/sign-in')
    return showSetup('This is not the set-up secret of this start of the server, or it was used already.')
  } catch (error) {
    if (error instanceof AuthProxyError) return showSetup(`${error.message} ${error.hint}`)
    throw error
  }
}
