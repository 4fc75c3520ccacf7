import { Refusal } from '../errors/refusals.ts'
import { JsonScan } from './json-scan.ts'

/** A JSON value whose numbers keep the digits that were sent. */
export type JsonValue = string | boolean | null | JsonNumber | readonly JsonValue[] | JsonObject
/** A JSON object. */
export interface JsonObject {
  readonly [name: string]: JsonValue
}
/** A number as text, which `JSON.stringify` writes as it is: MLflow's int64 do not fit into a double. */
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
 * Reads a body as the one JSON object that every reader finds in it, or refuses it: MLflow's reader also takes
 * UTF-16, a byte order mark, NaN, a string that holds JSON, and of a field that comes twice the last.
 */
export function parseStrictJson(bytes: Buffer, written: JsonScan = scanned(bytes)): JsonObject {
  try {
    const text = decodeUtf8(bytes)
    let held = 0
    const value = JSON.parse(text, function (_key: string, item: JsonValue, { source }: { source: string }) {
      if (!Array.isArray(this)) held += 1
      return typeof item === 'number' ? JSON.rawJSON(source) : item
    })
    // The reviver also sees the whole as a member.
    if (isJsonObject(value) && held - 1 === written.members) return value
  } catch (cause) {
    throw new Refusal('SOEN_BODY_NOT_CANONICAL', cause)
  }
  throw new Refusal('SOEN_BODY_NOT_CANONICAL')
}

/** The text of bytes that are UTF-8, a byte order mark included; throws for others. */
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
