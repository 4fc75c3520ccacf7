import { JsonScan } from './json-scan.ts'
import { stringsAt } from './protobuf-strings.ts'
import { decodeUtf8, isJsonObject } from './strict-json.ts'
import type { JsonValue } from './strict-json.ts'
import { Refusal } from '../errors/refusals.ts'

/** An attribute of this kind on a root span becomes a tag of its trace. */
const prefix = 'mlflow.traceTag.'
/** resource_spans, scope_spans, spans, attributes, key: of OpenTelemetry's ExportTraceServiceRequest. */
const keyPath = [1, 2, 2, 9, 1]
/** Spans in JSON have more values than calls, and rarely come. */
const maxValues = 100_000

/** The names of all tags that MLflow would set by spans of OpenTelemetry, in either form that it takes. */
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

/** MLflow, too, takes the last of twins here; the bytes go on as they are, so that digits need not be kept. */
function parse(bytes: Buffer): JsonValue {
  try {
    const value: JsonValue = JSON.parse(decodeUtf8(bytes))
    return value
  } catch (cause) {
    throw new Refusal('SOEN_BODY_NOT_CANONICAL', cause)
  }
}

/** Whatever stands under the name `key`, wherever: more than the attributes of spans, which has no harm. */
function collectKeys(value: JsonValue, found: string[]): void {
  if (Array.isArray(value)) for (const item of value) collectKeys(item, found)
  else if (isJsonObject(value)) {
    for (const [name, item] of Object.entries(value)) {
      if (name === 'key' && typeof item === 'string') found.push(item)
      else collectKeys(item, found)
    }
  }
}
