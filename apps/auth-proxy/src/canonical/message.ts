import { Refusal } from '../errors/refusals.ts'
import { shapeOf } from '../routes/field.ts'
import type { Field, FieldType, Shape } from '../routes/field.ts'
import { isReadable } from './scalar.ts'
import { isJsonObject } from './strict-json.ts'
import type { JsonObject, JsonValue } from './strict-json.ts'

/** Converts a JSON object as MLflow's parser reads it into a message. */
export function canonicalMessage(object: JsonObject, message: string): JsonObject {
  return canonicalObject(object, shapeOf(message))
}

/**
 * Converts a JSON object as MLflow reads it: each field under its canonical name, without fields that it would
 * ignore. Refuses what its parser would stop at, since MLflow then acts on the half that it has read: both spellings
 * of a field, two fields of which only one may be set, or a value of another type, at any depth.
 */
export function canonicalObject(object: JsonObject, shape: Shape): JsonObject {
  const fields = new Map<string, JsonValue>()
  const groups = new Set<string>()
  for (const [sentName, value] of Object.entries(object)) {
    const field = shape.get(sentName)
    if (field === undefined) continue
    const { name, group } = field
    if (fields.has(name) || (group !== undefined && value !== null && groups.has(group))) throw refused()
    if (group !== undefined && value !== null) groups.add(group)
    fields.set(name, value === null ? null : canonicalField(value, field))
  }
  return Object.fromEntries(fields)
}

function canonicalField(value: JsonValue, { name, repeats, type }: Field): JsonValue {
  if (!repeats) return canonicalValue(value, name, type)
  if (!Array.isArray(value)) throw refused()
  return value.map((item: JsonValue) => canonicalValue(item, name, type))
}

/** Ids of experiments, which are numbers in the database: a number sent for one stands for its text. */
const numberNames: ReadonlySet<string> = new Set(['experiment_id', 'experiment_ids'])

function canonicalValue(value: JsonValue, name: string, type: FieldType): JsonValue {
  if ('message' in type) {
    if (!isJsonObject(value)) throw refused()
    return canonicalMessage(value, type.message)
  }
  if ('names' in type) {
    const isKnown =
      typeof value === 'string' ? Object.hasOwn(type.names, value) : isNumberOf(type.names, value)
    if (!isKnown) throw refused()
    return value
  }
  if (type.scalar === 'string' && JSON.isRawJSON(value) && numberNames.has(name)) return value.rawJSON
  if (!isReadable[type.scalar](value)) throw refused()
  return value
}

function isNumberOf(names: Readonly<Record<string, number>>, value: JsonValue): boolean {
  return JSON.isRawJSON(value) && Object.values(names).some((number) => String(number) === value.rawJSON)
}

function refused(): Refusal {
  return new Refusal('SOEN_BODY_NOT_CANONICAL')
}
