import type { OwnAnswer } from '../destination/own-route.ts'
import type { Setup } from '../actions/setup.ts'
import { redirectDone } from './done.ts'
import { html } from './html.ts'
import type { Html } from './html.ts'
import { showPage } from './layout.ts'
import { inWords, problem } from './notice.ts'
import type { Reader } from './reader.ts'

/** Shows the form that creates the first admin. */
export function showSetup(reader: Reader, failure?: Html | string, name = ''): OwnAnswer {
  const { setup: words, newPassword } = reader.words
  return showPage({
    reader,
    title: words.title,
    status: failure === undefined ? 200 : 401,
    body: html`${problem(failure, false)}
      <p>${words.intro}</p>
      <form method="post">
        <label for="secret">${words.secret}</label>
        <input
          id="secret"
          name="secret"
          autocomplete="off"
          spellcheck="false"
          required
          autofocus
          ${failure !== undefined && html`aria-describedby="problem"`}
        />
        <label for="name">${words.name}</label>
        <input
          id="name"
          name="name"
          value="${name}"
          autocomplete="username"
          autocapitalize="none"
          spellcheck="false"
          required
        />
        <label for="password">${newPassword}</label>
        <input
          id="password"
          name="password"
          type="password"
          autocomplete="new-password"
          minlength="8"
          required
        />
        <button>${words.button}</button>
      </form>`,
  })
}

/** Creates the first admin of a server, and redirects to the sign-in page. */
export async function completeSetup(setup: Setup, form: URLSearchParams, reader: Reader): Promise<OwnAnswer> {
  const typed = {
    secret: form.get('secret') ?? '',
    name: form.get('name') ?? '',
    password: form.get('password') ?? '',
  }
  try {
    if (await setup.complete(typed)) return redirectDone('/_soen/sign-in', 'set-up')
    return showSetup(reader, reader.words.setup.wrongSecret, typed.name)
  } catch (error) {
    return showSetup(reader, inWords(error, reader), typed.name)
  }
}
