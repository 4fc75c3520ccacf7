import type { OwnAnswer } from '../destination/own-route.ts'
import type { Refusal } from '../errors/refusals.ts'
import { html } from './html.ts'
import { showPage } from './layout.ts'

/** Says to a person why there is no page. */
export function showRefusal({ status, message, hint, code }: Refusal): OwnAnswer {
  return showPage({
    title: 'This does not open',
    status,
    body: html`<p role="alert">${message}</p>
      <p>${hint}</p>
      <p class="soft">${code}</p>
      <p><a href="/">MLflow</a> · <a href="/_soen/account">My account</a></p>`,
  })
}
