import { Refusal } from '../errors/refusals.ts'
import type { Field, FieldType } from '../routes/field.ts'
import { isReadable } from './scalar.ts'

/** The values of a query by field, in the order of the table. */
export type Query = ReadonlyMap<string, readonly string[]>

/** The query of a target without a question mark. */
export const noQuery: Query = new Map()

const malformedPercent = /%(?![0-9a-f]{2})/i
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Parses the fields that MLflow reads from a query, and drops unknown ones. A field that occurs twice, or by a name
 * that MLflow accepts in bodies only, is refused: one reader could take one of them, the next the other.
 */
export function readQuery(rawQuery: string, fields: readonly Field[]): Query {
  if (rawQuery === '') return noQuery
  const sent = new Map<string, string[]>()
  for (const pair of rawQuery.split('&')) {
    if (pair === '') continue
    const [name, value] = readPair(pair)
    const values = sent.get(name)
    if (values === undefined) sent.set(name, [value])
    else values.push(value)
  }
  const query = new Map<string, readonly string[]>()
  for (const { name, twin, repeats, type } of fields) {
    if (sent.has(twin) && !fields.some((field) => field.name === twin)) throw refused()
    const values = sent.get(name)
    if (values === undefined) continue
    if (values.length > 1 && !repeats) throw refused()
    if (!values.every((value) => isReadableText(value, type))) throw refused()
    query.set(name, values)
  }
  return query
}

/** Whether MLflow can parse a text as a field's type; if it cannot, it acts on the half that it has read. */
function isReadableText(text: string, type: FieldType): boolean {
  if ('message' in type) return false
  if ('names' in type) return Object.hasOwn(type.names, text)
  return type.scalar === 'bool' ? /^(?:true|false)$/i.test(text) : isReadable[type.scalar](text)
}

/** A query re-serialised, with its question mark. */
export function writeQuery(query: Query): string {
  let text = ''
  for (const [name, values] of query) {
    for (const value of values) text += `${text === '' ? '?' : '&'}${name}=${encodeURIComponent(value)}`
  }
  return text
}

function readPair(pair: string): readonly [name: string, value: string] {
  const end = pair.indexOf('=')
  return end < 0 ? [decode(pair), ''] : [decode(pair.slice(0, end)), decode(pair.slice(end + 1))]
}

function decode(text: string): string {
  if (!/[%+]/.test(text)) return text
  if (malformedPercent.test(text)) throw refused()
  const bytes = Buffer.from(
    text
      .replaceAll('+', ' ')
      .replaceAll(/%(..)/g, (_match, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  )
  const decoded = decodeUtf8(bytes)
  if (decoded.includes('\0')) throw refused()
  return decoded
}

function decodeUtf8(bytes: Buffer): string {
  try {
    return strictUtf8.decode(bytes)
  } catch (error) {
    throw refused(error)
  }
}

function refused(cause?: unknown): Refusal {
  return new Refusal('SOEN_PATH_NOT_CANONICAL', cause)
}
