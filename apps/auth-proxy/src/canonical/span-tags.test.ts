import { describe, expect, it } from 'vitest'
import { tagsOfSpans } from './span-tags.ts'

/** A length-delimited field of a protobuf message. */
function field(number: number, content: Buffer | string): Buffer {
  const bytes = Buffer.from(content)
  const length: number[] = []
  for (let rest = bytes.length; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) {
      length.push(rest)
      break
    }
    length.push((rest % 128) + 128)
  }
  return Buffer.concat([Buffer.from([number * 8 + 2, ...length]), bytes])
}

const scalars = Buffer.from([8, 0x96, 1, 0x11, 1, 2, 3, 4, 5, 6, 7, 8, 0x1d, 1, 2, 3, 4])
const attribute = (key: string): Buffer =>
  field(9, Buffer.concat([field(1, key), field(2, field(1, 'value'))]))
const request = (...spans: readonly Buffer[]): Buffer =>
  field(1, Buffer.concat([field(1, field(1, field(1, 'service.name'))), field(2, Buffer.concat(spans))]))
const protobuf = 'application/x-protobuf'
const tags = (bytes: Buffer): readonly string[] => tagsOfSpans(bytes, protobuf)
const code = (name: string): unknown => expect.objectContaining({ code: name })

describe('tagsOfSpans', () => {
  it('finds the tags of every span, past whatever else there is', () => {
    const first = field(
      2,
      Buffer.concat([scalars, attribute('x'.repeat(300)), attribute('mlflow.traceTag.team')]),
    )
    const second = field(2, Buffer.concat([attribute('mlflow.traceTag.mlflow.artifactLocation'), scalars]))
    expect(tags(Buffer.concat([request(first), request(second)]))).toEqual([
      'team',
      'mlflow.artifactLocation',
    ])
  })

  it('finds them in JSON, under both spellings of its fields', () => {
    const spans = [{ attributes: [{ key: 'mlflow.traceTag.a', value: { stringValue: 'b' } }] }]
    const body = {
      resourceSpans: [{ scopeSpans: [{ spans }] }],
      resource_spans: [{ scope_spans: [{ spans }] }],
    }
    expect(tagsOfSpans(Buffer.from(JSON.stringify(body)), 'application/json; charset=utf-8')).toEqual([
      'a',
      'a',
    ])
  })

  it.each(['{"a":1', '\ufeff{}', '{"a":NaN}', '{"a":"\u0001"}'])('refuses what is no JSON: %j', (text) => {
    expect(() => tagsOfSpans(Buffer.from(text), 'application/json')).toThrow(code('SOEN_BODY_NOT_CANONICAL'))
  })

  it('refuses JSON of more values than can be looked at', () => {
    const text = `{"a":[${'1,'.repeat(100_000)}1]}`
    expect(() => tagsOfSpans(Buffer.from(text), 'application/json')).toThrow(code('SOEN_BODY_TOO_COMPLEX'))
  })

  it.each([
    ['a length beyond the end', Buffer.from([0x0a, 0x05, 0x01])],
    ['a number without an end', Buffer.alloc(11, 0xff)],
    ['half a number', Buffer.from([0x08, 0x80])],
    ['half a double', Buffer.from([0x11, 1, 2])],
    ['a group', Buffer.from([0x0b, 0x0c])],
    ['a type that nobody knows', Buffer.from([0x0f])],
  ])('refuses %s', (_what, bytes) => {
    expect(() => tags(bytes)).toThrow(code('SOEN_BODY_NOT_CANONICAL'))
  })

  it('refuses more fields than can be looked at, and other types', () => {
    expect(() => tags(Buffer.alloc(600_000, Buffer.from([0x08, 0x01])))).toThrow(
      code('SOEN_BODY_TOO_COMPLEX'),
    )
    expect(() => tagsOfSpans(Buffer.from('x'), 'text/plain')).toThrow(code('SOEN_BODY_TYPE'))
  })
})
