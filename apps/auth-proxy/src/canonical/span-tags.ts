import { JsonScan } from './json-scan.ts'
import { stringsAt } from './protobuf-strings.ts'
import { decodeUtf8, isJsonObject } from './strict-json.ts'
import type { JsonValue } from './strict-json.ts'
import { Refusal } from '../errors/refusals.ts'

/** A root span's attribute with this prefix becomes a tag of its trace. */
const prefix = 'mlflow.traceTag.'
/** resource_spans, scope_spans, spans, attributes, key: of OpenTelemetry's ExportTraceServiceRequest. */
const keyPath = [1, 2, 2, 9, 1]
/** Spans in JSON have more values than other calls, but are rare. */
const maxValues = 100_000

/** The names of all tags that MLflow would set from OpenTelemetry spans, in either format that it accepts. */
export function tagsOfSpans(bytes: Buffer, contentType: string): readonly string[] {
  const keys = readers[contentType.split(';')[0]?.trim() ?? '']?.(bytes)
  if (keys === undefined) throw new Refusal('SOEN_BODY_TYPE')
  return keys.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length))
}

const readers: Readonly<Record<string, (bytes: Buffer) => readonly string[]>> = {
  'application/x-protobuf': (bytes) => stringsAt(bytes, keyPath),
  'application/json'(bytes) {
    const scan = new JsonScan(maxValues)
    scan.read(bytes)
    const found: string[] = []
    collectKeys(parse(bytes), found)
    return found
  },
}

/**
 * Here MLflow, too, uses the last of duplicate fields; the bytes are forwarded unchanged, so exact digits do not
 * matter.
 */
function parse(bytes: Buffer): JsonValue {
  try {
    const value: JsonValue = JSON.parse(decodeUtf8(bytes))
    return value
  } catch (cause) {
    throw new Refusal('SOEN_BODY_NOT_CANONICAL', cause)
  }
}

/** Collects the values of every field named `key`: more than those of span attributes, which does no harm. */
function collectKeys(value: JsonValue, found: string[]): void {
  if (Array.isArray(value)) for (const item of value) collectKeys(item, found)
  else if (isJsonObject(value)) {
    for (const [name, item] of Object.entries(value)) {
      if (name === 'key' && typeof item === 'string') found.push(item)
      else collectKeys(item, found)
    }
  }
}
