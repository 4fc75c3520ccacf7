import { AuthProxyError } from '../errors/auth-proxy-error.ts'
import { Refusal } from '../errors/refusals.ts'
import { html } from './html.ts'
import type { Html } from './html.ts'
import type { Reader } from './reader.ts'
import { germanErrors } from './words/german-errors.ts'

// Announced at once by screen readers, and the place where keyboard navigation continues.
const focused = html`tabindex="-1" autofocus`

/** A message that something failed, announced by screen readers as well. `takesFocus` where no field does. */
export function problem(text: Html | string | undefined, takesFocus = true): Html | undefined {
  if (text === undefined) return undefined
  const focus = takesFocus && focused
  return html`<p id="problem" class="notice problem" ${focus} role="alert">${text}</p>`
}

/** A message that something succeeded. */
export function success(text: string | undefined, takesFocus = true): Html | undefined {
  if (text === undefined) return undefined
  return html`<p class="notice" ${takesFocus && focused} role="status">${text}</p>`
}

/** An error in the reader's language, where it is translated; the rest is marked as English. */
export function errorInWords(error: AuthProxyError, { language }: Reader): Html {
  if (language === 'en') return html`${error.message} ${error.hint}`
  const [message, hint] = germanErrors[error.code] ?? []
  if (message === undefined || hint === undefined) {
    return html`<span lang="en">${error.message} ${error.hint}</span>`
  }
  const detail = error instanceof Refusal ? error.message.slice(error.general.length).trim() : ''
  return html`${message} ${detail !== '' && html`<span lang="en">${detail}</span>`} ${hint}`
}

/** An error in words; errors that are not ours are rethrown. */
export function inWords(error: unknown, reader: Reader): Html {
  if (error instanceof AuthProxyError) return errorInWords(error, reader)
  throw error
}
