/** A value in a `meta.yaml` of MLflow's file store. */
export type MetaValue = string | number | null | readonly string[] | Readonly<Record<string, string>>

/**
 * Write a `meta.yaml`, with sorted keys and quoted texts.
 *
 * A JSON string is a double-quoted YAML string, except for some characters that PyYAML refuses unescaped or takes
 * for line breaks.
 */
export function toMetaYaml(fields: Readonly<Record<string, MetaValue>>): string {
  return Object.entries(fields)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}:${spell(value)}\n`)
    .join('')
}

function spell(value: MetaValue): string {
  if (typeof value === 'string') return ` ${quote(value)}`
  if (typeof value === 'number' || value === null) return ` ${String(value)}`
  if (isList(value)) return ` [${value.map(quote).join(', ')}]`
  const entries = Object.entries(value)
  if (entries.length === 0) return ' {}'
  return entries.map(([key, text]) => `\n  ${quote(key)}: ${quote(text)}`).join('')
}

function isList(value: object): value is readonly string[] {
  return Array.isArray(value)
}

function quote(text: string): string {
  return JSON.stringify(text.toWellFormed()).replace(
    /[\u007f-\u009f\u2028\u2029\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
