import { readFile } from 'node:fs/promises'

/** A `meta.yaml`, each scalar as its text: the reader of a field decides its type. */
export type MetaFields = ReadonlyMap<string, unknown>

/** Read a `meta.yaml`; undefined when it is missing, empty or torn. The YAML parser is loaded only for this. */
export async function readMetaFields(path: string): Promise<MetaFields | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch {
    return undefined
  }
  return await parseMetaFields(text)
}

/** Parse the text of a `meta.yaml`; undefined when it is not a mapping. */
export async function parseMetaFields(text: string): Promise<MetaFields | undefined> {
  const { parseTexts } = await import('../settings/config-file.ts')
  const fields = parseTexts(text)
  return fields === undefined ? undefined : new Map(Object.entries(fields))
}

/** A whole number; undefined when the field is missing, `null` or something else. */
export function integerField(fields: MetaFields, key: string): number | undefined {
  const text = fields.get(key)
  return typeof text === 'string' && /^-?\d+$/.test(text) ? Number(text) : undefined
}

/** A text; undefined when the field is missing, `null` or not a scalar. */
export function textField(fields: MetaFields, key: string): string | undefined {
  const text = fields.get(key)
  return typeof text === 'string' ? text : undefined
}

/** A mapping of texts; empty when the field is missing. */
export function mappingField(fields: MetaFields, key: string): Record<string, string> {
  const value = fields.get(key)
  if (typeof value !== 'object' || value === null) return {}
  const texts = Object.entries(value).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  )
  return Object.fromEntries(texts)
}
