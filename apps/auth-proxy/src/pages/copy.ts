import { html } from './html.ts'
import type { Html } from './html.ts'
import type { Reader } from './reader.ts'

/** Lines to copy, with a button for it where the browser allows that. */
export function copyable(id: string, label: string, text: string, { words }: Reader): Html {
  return html`<div class="copyable">
    <pre id="${id}" aria-label="${label}" role="group">${text}</pre>
    <button type="button" class="quiet" data-copies="${id}" aria-label="${words.copy}: ${label}" hidden>
      ${words.copy}
    </button>
    <span role="status" class="soft" data-says="${words.copied}"></span>
  </div>`
}

/**
 * Activates the buttons. Without it, without TLS, or where copying is refused, one click selects the lines. The only
 * script of our pages: a page's Content-Security-Policy allows it by its hash, and nothing else.
 */
export const copyScript = `for (const button of document.querySelectorAll('[data-copies]')) {
  const lines = document.getElementById(button.dataset.copies)
  const says = button.nextElementSibling
  button.hidden = navigator.clipboard === undefined
  button.addEventListener('click', () => {
    navigator.clipboard.writeText(lines.textContent).then(
      () => { says.textContent = says.dataset.says },
      () => { getSelection().selectAllChildren(lines) },
    )
  })
}`
