import type { OwnAnswer } from '../destination/own-route.ts'
import type { Refusal } from '../errors/refusals.ts'
import { html } from './html.ts'
import { showPage } from './layout.ts'
import { errorInWords } from './notice.ts'
import type { Reader } from './reader.ts'

/** Shows a person why the request was refused. */
export function showRefusal(refusal: Refusal, reader: Reader): OwnAnswer {
  const { closed, account } = reader.words
  return showPage({
    reader,
    title: closed,
    status: refusal.status,
    body: html`<p role="alert">${errorInWords(refusal, reader)}</p>
      <p class="soft">${refusal.code}</p>
      <p><a href="/">MLflow</a> · <a href="/_soen/account">${account}</a></p>`,
  })
}
