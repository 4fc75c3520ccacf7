import { Refusal } from '../errors/refusals.ts'
import { shapeOf } from '../routes/field.ts'
import type { Field, Shape } from '../routes/field.ts'
import { isJsonObject } from './strict-json.ts'
import type { JsonObject, JsonValue } from './strict-json.ts'

/** A JSON object as MLflow's parser reads it into a message. */
export function canonicalMessage(object: JsonObject, message: string): JsonObject {
  return canonicalObject(object, shapeOf(message))
}

/**
 * A JSON object as MLflow reads it: each field under its one name, and nothing that it would skip. Both spellings of
 * a field together are refused, at every depth.
 */
export function canonicalObject(object: JsonObject, shape: Shape): JsonObject {
  const fields = new Map<string, JsonValue>()
  for (const [sentName, value] of Object.entries(object)) {
    const field = shape.get(sentName)
    if (field === undefined) continue
    if (fields.has(field.name)) throw refused()
    fields.set(field.name, canonicalField(value, field))
  }
  return Object.fromEntries(fields)
}

function canonicalField(value: JsonValue, { repeats, message }: Field): JsonValue {
  if (value === null) return value
  if (repeats && !Array.isArray(value)) throw refused()
  if (message === undefined) return value
  return Array.isArray(value) && repeats
    ? value.map((part: JsonValue) => canonicalPart(part, message))
    : canonicalPart(value, message)
}

function canonicalPart(value: JsonValue, message: string): JsonObject {
  if (!isJsonObject(value)) throw refused()
  return canonicalMessage(value, message)
}

function refused(): Refusal {
  return new Refusal('SOEN_BODY_NOT_CANONICAL')
}
