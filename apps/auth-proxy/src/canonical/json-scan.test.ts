import { describe, expect, it } from 'vitest'
import { JsonScan } from './json-scan.ts'

const tooComplex = expect.objectContaining({ code: 'SOEN_BODY_TOO_COMPLEX' })

function scan(...pieces: readonly string[]): JsonScan {
  const found = new JsonScan()
  for (const piece of pieces) found.read(Buffer.from(piece))
  return found
}

describe('JsonScan', () => {
  it.each([
    [['{"a":1,"b":{"c":[2]}}']],
    [['{"a":1,"b', '":{"c":[', '2]}}']],
    ['{"a":1,"b":{"c":[2]}}'.split('')],
  ])('counts fields, however it is cut: %j', (pieces) => {
    expect(scan(...pieces).members).toBe(3)
  })

  it('takes what stands in strings for text, escapes included, also across a cut', () => {
    expect(scan(String.raw`{"a:[{\"b\":`, '\\', String.raw`"{[:":"\\"}`).members).toBe(1)
  })

  it.each([
    ['many values', `{"a":[${'{},'.repeat(25_000)}{}]}`],
    ['many fields', `{${'"a":1,'.repeat(25_001)}}`],
    ['deep values', `{"a":${'['.repeat(65)}`],
  ])('refuses %s before they are read to the end', (_what, text) => {
    expect(() => scan(text)).toThrow(tooComplex)
  })

  it('takes the largest batch that MLflow takes', () => {
    const metrics = Array.from({ length: 1000 }, (_, step) => ({
      key: 'a',
      value: 1,
      timestamp: 1,
      step,
      run_id: 'r',
    }))
    const pairs = Array.from({ length: 100 }, (_, index) => ({ key: `${index}`, value: 'x' }))
    expect(() => scan(JSON.stringify({ run_id: 'r', metrics, params: pairs, tags: pairs }))).not.toThrow()
  })
})
