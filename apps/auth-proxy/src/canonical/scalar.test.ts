import { describe, expect, it } from 'vitest'
import type { ScalarKind } from '../routes/field.ts'
import { isReadable } from './scalar.ts'
import { parseStrictJson } from './strict-json.ts'
import type { JsonValue } from './strict-json.ts'

/** A value as it is read from a body. */
function read(json: string): JsonValue {
  return parseStrictJson(Buffer.from(`{"value":${json}}`))['value'] ?? null
}

const most = '9223372036854775807'

const readable: readonly (readonly [ScalarKind, readonly string[]])[] = [
  ['bool', ['true', 'false']],
  ['int64', ['0', '-5', '1.0', '1e3', '"17"', most, `"${most}"`, '-9223372036854775808']],
  ['int32', ['2147483647', '-2147483648']],
  ['uint32', ['0', '4294967295']],
  ['double', ['1', '1.5', '-1e308', '"NaN"', '"Infinity"', '"-Infinity"', '"1.5"']],
  ['string', ['""', '"ü"', '"\\ud83d\\ude00"']],
  ['bytes', ['"YQ=="', '"-_8"']],
  ['map', ['{}', '{"a":"b"}']],
  ['timestamp', ['"2026-01-01T00:00:00Z"', '"2026-01-01T00:00:00.123456789+01:00"']],
  ['duration', ['"1s"', '"-0.5s"']],
  ['value', ['null', '1', '"a"', '[1,{"a":null}]']],
]

const unreadable: readonly (readonly [ScalarKind, readonly string[]])[] = [
  ['bool', ['1', '"true"', '[]']],
  [
    'int64',
    [
      'true',
      '1.5',
      '1e30',
      '9223372036854775808',
      '"0x10"',
      '"1_000"',
      '" 1"',
      '"１"',
      '{}',
      '9'.repeat(5000),
    ],
  ],
  ['int32', ['2147483648']],
  ['uint32', ['-1']],
  ['double', ['true', '1e400', '"nan"', '"inf"', '""', '[]']],
  ['float', ['1e39']],
  ['string', ['1', 'true', '"\\ud800"', '{}', '[]']],
  ['bytes', ['"ü"', '1']],
  ['map', ['[]', '{"a":1}', '{"a":null}', '{"\\ud800":"a"}']],
  ['timestamp', ['"yesterday"', '"2026-13-01T00:00:00Z"', '1']],
  ['duration', ['"1"', '1']],
  ['value', ['1e400', '["\\ud800"]']],
]

const each = (table: typeof readable): readonly [ScalarKind, string][] =>
  table.flatMap(([kind, texts]) => texts.map((text): [ScalarKind, string] => [kind, text]))

describe('isReadable', () => {
  it.each(each(readable))('takes for %s: %s', (kind, json) => {
    expect(isReadable[kind](read(json))).toBe(true)
  })

  it.each(each(unreadable))('takes not for %s: %s', (kind, json) => {
    expect(isReadable[kind](read(json))).toBe(false)
  })
})
