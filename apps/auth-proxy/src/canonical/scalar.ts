import type { ScalarKind } from '../routes/field.ts'
import { isJsonObject } from './strict-json.ts'
import type { JsonValue } from './strict-json.ts'

/** Whether MLflow's parser accepts a value of this kind; if it does not, MLflow acts on what it had read before. */
export const isReadable: Readonly<Record<ScalarKind, (value: JsonValue) => boolean>> = {
  any: () => true,
  bool: (value) => typeof value === 'boolean',
  // A single base64 digit is less than a byte.
  bytes: (value) =>
    typeof value === 'string' && /^[\w+/-]*={0,2}$/.test(value) && value.replace(/=+$/, '').length % 4 !== 1,
  double: (value) => isFloat(value, Number.MAX_VALUE),
  duration: (value) =>
    typeof value === 'string' &&
    /^-?\d{1,12}(?:\.\d{1,9})?s$/.test(value) &&
    Math.abs(Number(value.slice(0, -1))) <= mostSeconds,
  // In camel case: MLflow converts it to underscores.
  'field-mask': (value) => isText(value) && !value.includes('_'),
  float: (value) => isFloat(value, 3.4028234663852886e38),
  int32: (value) => isInteger(value, -(2n ** 31n), 2n ** 31n),
  int64: (value) => isInteger(value, -(2n ** 63n), 2n ** 63n),
  map: (value) => isJsonObject(value) && Object.entries(value).flat().every(isText),
  string: isText,
  timestamp: (value) => typeof value === 'string' && isTimestamp(value),
  uint32: (value) => isInteger(value, 0n, 2n ** 32n),
  uint64: (value) => isInteger(value, 0n, 2n ** 64n),
  value: isFinite,
}

/** Ten thousand years, the longest duration in protobuf. */
const mostSeconds = 315_576_000_000

/** A valid date and time in the years 1 to 9999; `Date` alone takes the 30th of February for the 2nd of March. */
function isTimestamp(value: string): boolean {
  const [, local = '', offset = ''] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.exec(value) ?? []
  const moment = Date.parse(local + offset)
  return (
    moment >= Date.parse('0001-01-01T00:00:00Z') &&
    moment <= Date.parse('9999-12-31T23:59:59Z') &&
    new Date(`${local}Z`).toISOString().startsWith(local)
  )
}

/** Text without lone surrogates. */
function isText(value: JsonValue): value is string {
  return typeof value === 'string' && value.isWellFormed()
}

/** The digits of a number, or of a text in its place: clients send numbers as text that do not fit into a double. */
function digitsOf(value: JsonValue): string | undefined {
  if (typeof value === 'string') return value
  return JSON.isRawJSON(value) ? value.rawJSON : undefined
}

function isInteger(value: JsonValue, from: bigint, below: bigint): boolean {
  const digits = digitsOf(value) ?? ''
  if (/^-?\d{1,20}$/.test(digits)) return BigInt(digits) >= from && BigInt(digits) < below
  // 1.0 and 1e3 are integers too, where a double holds them exactly.
  if (typeof value === 'string' || !/^-?\d{1,20}(?:\.\d{1,20})?(?:[eE][+-]?\d{1,2})?$/.test(digits))
    return false
  const number = Number(digits)
  return Number.isSafeInteger(number) && BigInt(number) >= from && BigInt(number) < below
}

const floatText = /^-?\d{1,400}(?:\.\d{1,400})?(?:[eE][+-]?\d{1,4})?$/
const floatWords: ReadonlySet<string> = new Set(['NaN', 'Infinity', '-Infinity'])

function isFloat(value: JsonValue, most: number): boolean {
  const digits = digitsOf(value)
  if (digits === undefined) return false
  if (typeof value === 'string' && floatWords.has(digits)) return true
  return floatText.test(digits) && Math.abs(Number(digits)) <= most
}

/** Any JSON without NaN or infinite numbers. */
function isFinite(value: JsonValue): boolean {
  if (typeof value === 'string') return isText(value)
  if (JSON.isRawJSON(value)) return isFloat(value, Number.MAX_VALUE)
  if (Array.isArray(value)) return value.every(isFinite)
  if (isJsonObject(value))
    return Object.entries(value).every(([name, item]) => isText(name) && isFinite(item))
  return true
}
