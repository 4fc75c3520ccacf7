import { describe, expect, it } from 'vitest'
import { isJsonObject, parseStrictJson } from './strict-json.ts'

const parse = (text: string): unknown => parseStrictJson(Buffer.from(text))

describe('parseStrictJson', () => {
  it.each([
    '{}',
    '{"a":1,"b":[true,null,"x"],"c":{"a":2}}',
    '{"step":9007199254740993,"value":1.0,"small":-0,"large":1e400}',
    '{"a:b":"{\\"a\\":1,[","ü":"\\\\"}',
    '{"__proto__":1,"constructor":2}',
    '{"a":"\\ud800"}',
  ])('keeps every digit and field of %s', (text) => {
    expect(JSON.stringify(parse(text))).toBe(text)
  })

  it.each([
    ['a field twice', '{"run_id":"a","run_id":"b"}'],
    ['a field twice, once with an escape', '{"run_id":"a","run\\u005fid":"b"}'],
    ['a field twice at depth', '{"tags":[{"key":"a","key":"b"}]}'],
    ['NaN', '{"value":NaN}'],
    ['an infinity', '{"value":-Infinity}'],
    ['JSON in a string', '"{\\"run_id\\":\\"a\\"}"'],
    ['a list', '[{"run_id":"a"}]'],
    ['a number', '1'],
    ['nothing but null', 'null'],
    ['two values', '{}{}'],
    ['a comment', '{/**/}'],
    ['a comma too many', '{"a":1,}'],
    ['a byte order mark', '\ufeff{}'],
    ['a number that only Python reads', '{"a":1_000}'],
    ['single quotes', "{'a':1}"],
    ['a raw control character', '{"a":"\u0001"}'],
  ])('refuses %s', (_case, text) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'SOEN_BODY_NOT_CANONICAL' }))
  })

  it.each([
    ['UTF-16', Buffer.from('{"run_id":"a"}', 'utf16le')],
    ['Latin-1', Buffer.from('{"a":"ü"}', 'latin1')],
    ['half a character', Buffer.from([0x7b, 0x22, 0xc3, 0x22, 0x3a, 0x31, 0x7d])],
  ])('refuses %s, which MLflow might guess', (_case, bytes) => {
    expect(() => parseStrictJson(bytes)).toThrow(expect.objectContaining({ code: 'SOEN_BODY_NOT_CANONICAL' }))
  })
})

describe('isJsonObject', () => {
  it('tells objects from lists, numbers and nothing', () => {
    const { object, list, number, nothing } = parseStrictJson(
      Buffer.from('{"object":{},"list":[],"number":1,"nothing":null}'),
    )
    expect([object, list, number, nothing, undefined].map(isJsonObject)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ])
  })
})
