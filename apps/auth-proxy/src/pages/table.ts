import { html } from './html.ts'
import type { Html, Insert } from './html.ts'

/** A table that scrolls by itself where it is wider than the page. The first cell of a row names the row. */
export function table(headings: readonly string[], rows: readonly (readonly Insert[])[]): Html {
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          ${headings.map((heading) => html`<th scope="col">${heading}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(tableRow)}
      </tbody>
    </table>
  </div>`
}

function tableRow([name, ...cells]: readonly Insert[]): Html {
  return html`<tr>
    <th scope="row">${name}</th>
    ${cells.map((cell) => html`<td>${cell}</td>`)}
  </tr>`
}
