import { textOf } from '../errors/text-of.ts'

/** A value that was passed but cannot be logged. */
export interface Refusal {
  readonly name: string
  readonly why: string
}

/** Names and values in MLflow's form, and what could not be converted. */
export interface FlatTexts {
  readonly entries: [string, string][]
  readonly refused: Refusal[]
}

/** Deeper than any configuration, and far below the limit of the stack. */
const MAX_DEPTH = 100
/** Objects that share parts can expand to any number of names. */
const MAX_NAMES = 10_000
/** Far more than fits into one of MLflow's values. */
const MAX_PARTS = 100_000

/**
 * Flatten nested parameters to MLflow's strings: `{model: {depth: 4}}` becomes `model.depth` = `4`; undefined is
 * left out.
 */
export function flattenParams(params: unknown): FlatTexts {
  const flat: FlatTexts = { entries: [], refused: [] }
  const refuse = (why: string): number => flat.refused.push({ name: 'params', why })
  if (typeof params !== 'object' || params === null || Array.isArray(params)) {
    refuse(`${textOf(params)} is no object with names`)
  } else if (!isNested(params) && Object.keys(params).length === 0) {
    refuse(`${textOf(params)} has no names of its own`)
  } else {
    const seen = collect(params, '', [params], flat)
    if (seen > MAX_NAMES) refuse(`they are more than ${MAX_NAMES}`)
  }
  return flat
}

/** Convert tags to MLflow's strings: an object is one value; undefined is left out. */
export function spellTags(tags: object): FlatTexts {
  const flat: FlatTexts = { entries: [], refused: [] }
  for (const name of Object.keys(tags)) {
    try {
      const value: unknown = Reflect.get(tags, name)
      if (value === undefined) throw new Error('its value is undefined')
      flat.entries.push([name, spellValue(value)])
    } catch (error) {
      flat.refused.push({ name, why: textOf(error) })
    }
  }
  return flat
}

/** Any value as text: an object as JSON, a date or URL by its own conversion. */
export function spellValue(value: unknown): string {
  if (typeof value === 'string') return toStorableText(value)
  if (typeof value === 'function') return value.name
  if (typeof value !== 'object' || value === null) return String(value)
  const plain = value instanceof Set ? [...value] : ArrayBuffer.isView(value) ? Object.values(value) : value
  let parts = 0
  const json: unknown = JSON.stringify(plain, (_, part: unknown) => {
    parts += 1
    if (parts > MAX_PARTS) throw new Error(`it has more than ${MAX_PARTS} parts`)
    return typeof part === 'bigint' ? String(part) : part
  })
  if (typeof json !== 'string') return textOf(value)
  if (json.startsWith('"')) return spellValue(JSON.parse(json))
  // For a regular expression or an error JSON has nothing, but its own conversion does.
  const text = json === '{}' ? textOf(value) : ''
  return text === '' || text.startsWith('[object ') ? json : text
}

/** PostgreSQL accepts neither NUL characters nor lone surrogates. */
export function toStorableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD')
}

/** Collect the values below the end of `path`; returns how many names were seen. */
function collect(
  values: object,
  prefix: string,
  path: readonly object[],
  flat: FlatTexts,
  before = 0,
): number {
  const named = values instanceof Map ? fromMap(values) : values
  let seen = before
  for (const key of Object.keys(named)) {
    seen += 1
    if (seen > MAX_NAMES) break
    const name = `${prefix}${key}`
    // Reading a property may throw, too: that costs only this value.
    try {
      const value: unknown = Reflect.get(named, key)
      if (value === undefined) continue
      if (!isNested(value)) flat.entries.push([name, spellValue(value)])
      else if (path.includes(value)) throw new Error('it contains itself')
      else if (path.length >= MAX_DEPTH) throw new Error(`it is nested deeper than ${MAX_DEPTH} levels`)
      else seen = collect(value, `${name}.`, [...path, value], flat, seen)
    } catch (error) {
      flat.refused.push({ name, why: textOf(error) })
    }
  }
  return seen
}

function isNested(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  if (value instanceof Map) return true
  const prototype: unknown = Object.getPrototypeOf(value)
  // Dates and the like are values, not nested parameters. A plain object may come from another realm.
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

function fromMap(map: ReadonlyMap<unknown, unknown>): object {
  return Object.fromEntries([...map].map(([key, value]) => [textOf(key), value]))
}
