import { html } from './html.ts'
import type { Html, Insert } from './html.ts'
import type { Reader } from './reader.ts'
import type { Column } from './words/words.ts'

/**
 * A table whose rows become cards on a narrow page, where each cell shows its heading. The first cell of a row names
 * the row. Roles are explicit, because browsers drop them when a style displays the elements as blocks.
 */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly Insert[])[],
  { words }: Reader,
): Html {
  const headings = columns.map((column) => words.columns[column])
  return html`<table role="table">
    <thead role="rowgroup">
      <tr role="row">
        ${headings.map((heading) => html`<th role="columnheader" scope="col">${heading}</th>`)}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${rows.map((cells) => tableRow(cells, headings))}
    </tbody>
  </table>`
}

function tableRow([name, ...cells]: readonly Insert[], [, ...headings]: readonly string[]): Html {
  return html`<tr role="row">
    <th role="rowheader" scope="row">${name}</th>
    ${cells.map((cell, index) => html`<td role="cell" data-heading="${headings[index]}">${cell}</td>`)}
  </tr>`
}
