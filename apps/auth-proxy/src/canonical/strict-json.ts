import { Refusal } from '../errors/refusals.ts'
import { JsonScan } from './json-scan.ts'

/** A JSON value whose numbers keep their digits as sent. */
export type JsonValue = string | boolean | null | JsonNumber | readonly JsonValue[] | JsonObject
/** A JSON object. */
export interface JsonObject {
  readonly [name: string]: JsonValue
}
/** A number as text, which `JSON.stringify` writes unchanged: MLflow's int64 does not fit into a double. */
interface JsonNumber {
  readonly rawJSON: string
}

declare global {
  // Part of the language since 2025, but not yet of TypeScript's library.
  interface JSON {
    rawJSON(text: string): JsonNumber
    isRawJSON(value: unknown): value is JsonNumber
    parse(
      text: string,
      reviver: (this: unknown, key: string, value: JsonValue, context: { source: string }) => JsonValue,
    ): JsonValue
  }
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Parses a body as a JSON object that every parser reads in the same way, or refuses it: MLflow's parser also
 * accepts UTF-16, a byte order mark, NaN, a string that contains JSON, and the last of duplicate fields.
 */
export function parseStrictJson(bytes: Buffer, written: JsonScan = scanned(bytes)): JsonObject {
  try {
    const text = decodeUtf8(bytes)
    let held = 0
    const value = JSON.parse(text, function (_key: string, item: JsonValue, { source }: { source: string }) {
      if (!Array.isArray(this)) held += 1
      return typeof item === 'number' ? JSON.rawJSON(source) : item
    })
    // The reviver counts the whole object as a member, too.
    if (isJsonObject(value) && held - 1 === written.members) return value
  } catch (cause) {
    throw new Refusal('SOEN_BODY_NOT_CANONICAL', cause)
  }
  throw new Refusal('SOEN_BODY_NOT_CANONICAL')
}

/** Decodes UTF-8, keeping a byte order mark; throws for other bytes. */
export function decodeUtf8(bytes: Buffer): string {
  return strictUtf8.decode(bytes)
}

/** Whether this is an object with fields. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !JSON.isRawJSON(value)
}

function scanned(bytes: Buffer): JsonScan {
  const scan = new JsonScan()
  scan.read(bytes)
  return scan
}
