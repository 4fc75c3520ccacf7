import { AuthProxyError } from '../errors/auth-proxy-error.ts'
import { Refusal } from '../errors/refusals.ts'
import { html } from './html.ts'
import type { Html } from './html.ts'
import type { Reader } from './reader.ts'
import { germanErrors } from './words/german-errors.ts'

// Read aloud at once, and where the keyboard goes on from.
const focused = html`tabindex="-1" autofocus`

/** Says that something did not work, also to who only listens. `takesFocus` where no field does. */
export function problem(text: Html | string | undefined, takesFocus = true): Html | undefined {
  if (text === undefined) return undefined
  const focus = takesFocus && focused
  return html`<p id="problem" class="notice problem" ${focus} role="alert">${text}</p>`
}

/** Says that something worked. */
export function success(text: string | undefined, takesFocus = true): Html | undefined {
  if (text === undefined) return undefined
  return html`<p class="notice" ${takesFocus && focused} role="status">${text}</p>`
}

/** An error in the reader's language, as far as it is known there; the rest is marked as English. */
export function errorInWords(error: AuthProxyError, { language }: Reader): Html {
  if (language === 'en') return html`${error.message} ${error.hint}`
  const [message, hint] = germanErrors[error.code] ?? []
  if (message === undefined || hint === undefined) {
    return html`<span lang="en">${error.message} ${error.hint}</span>`
  }
  const detail = error instanceof Refusal ? error.message.slice(error.general.length).trim() : ''
  return html`${message} ${detail !== '' && html`<span lang="en">${detail}</span>`} ${hint}`
}

/** An error in words; what is none of ours is thrown on. */
export function inWords(error: unknown, reader: Reader): Html {
  if (error instanceof AuthProxyError) return errorInWords(error, reader)
  throw error
}
