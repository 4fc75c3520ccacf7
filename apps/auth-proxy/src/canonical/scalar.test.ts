import { describe, expect, it } from 'vitest'
import type { ScalarKind } from '../routes/field.ts'
import { readable, unreadable } from '../testing/scalar-samples.ts'
import { isReadable } from './scalar.ts'
import { parseStrictJson } from './strict-json.ts'
import type { JsonValue } from './strict-json.ts'

/** A value as it is read from a body. */
function read(json: string): JsonValue {
  return parseStrictJson(Buffer.from(`{"value":${json}}`))['value'] ?? null
}

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
