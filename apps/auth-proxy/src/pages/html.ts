/** Markup that is safe to insert into a page unescaped. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** A value for a template. Lists are concatenated; false and undefined are omitted. */
export type Insert = string | number | Html | false | undefined | readonly Insert[]

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** A template whose values are escaped, so that a name cannot become markup. */
export function html(strings: TemplateStringsArray, ...values: readonly Insert[]): Html {
  return new Html(strings.map((text, index) => text + render(values[index])).join(''))
}

function render(value: Insert): string {
  if (value === undefined || value === false) return ''
  if (value instanceof Html) return value.text
  if (typeof value === 'string') return value.replaceAll(/[&<>"']/g, (character) => escapes[character] ?? '')
  return typeof value === 'number' ? String(value) : value.map(render).join('')
}
