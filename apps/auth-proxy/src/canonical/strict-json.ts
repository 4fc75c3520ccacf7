import { Refusal } from '../errors/refusals.ts'

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

const maxDepth = 64
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const [quote, backslash, colon] = [0x22, 0x5c, 0x3a]
const opening: ReadonlySet<number> = new Set([0x5b, 0x7b])
const closing: ReadonlySet<number> = new Set([0x5d, 0x7d])

/**
 * Reads a body as the one JSON object that every reader finds in it, or refuses it: MLflow's reader also takes
 * UTF-16, a byte order mark, NaN, a string that holds JSON, and of a field that comes twice the last.
 */
export function parseStrictJson(bytes: Buffer): JsonObject {
  try {
    const text = strictUtf8.decode(bytes)
    const written = survey(text)
    let held = 0
    const value = JSON.parse(text, function (_key: string, item: JsonValue, { source }: { source: string }) {
      if (!Array.isArray(this)) held += 1
      return typeof item === 'number' ? JSON.rawJSON(source) : item
    })
    // The reviver also sees the whole as a member.
    if (isJsonObject(value) && held - 1 === written.members && written.depth <= maxDepth) return value
  } catch (cause) {
    throw new Refusal('SOEN_BODY_NOT_CANONICAL', cause)
  }
  throw new Refusal('SOEN_BODY_NOT_CANONICAL')
}

/** Whether this is an object with fields. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !JSON.isRawJSON(value)
}

/** Counts the fields as they were written, twins included, and how deep they nest. */
function survey(text: string): { readonly members: number; readonly depth: number } {
  let [members, depth, deepest] = [0, 0, 0]
  let isInString = false
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (isInString) {
      if (code === backslash) index += 1
      else if (code === quote) isInString = false
    } else if (code === quote) isInString = true
    else if (code === colon) members += 1
    else if (opening.has(code)) deepest = Math.max(deepest, (depth += 1))
    else if (closing.has(code)) depth -= 1
  }
  return { members, depth: deepest }
}
