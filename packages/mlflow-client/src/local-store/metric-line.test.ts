import { describe, expect, test } from 'vitest'
import { fromMetricLine, joinWithinPages, toMetricLine } from './metric-line.ts'

describe('a line', () => {
  test.each([
    [{ timestampMs: 1_700_000_000_000, value: 0.5, step: 3 }, '1700000000000 0.5 3'],
    [{ timestampMs: 0, value: -Infinity, step: -7 }, '0 -inf -7'],
    [{ timestampMs: 1, value: NaN, step: Number.MAX_SAFE_INTEGER }, '1 nan 9007199254740991'],
  ])('%o is %s, there and back', (point, line) => {
    expect(toMetricLine(point)).toBe(line)
    expect(fromMetricLine(`${line}     `)).toEqual(point)
  })

  test('without a step, or with a dataset, has step 0 as MLflow reads it', () => {
    expect(fromMetricLine('5 1.0')).toEqual({ timestampMs: 5, value: 1, step: 0 })
    expect(fromMetricLine('5 1.0 9 data digest')).toEqual({ timestampMs: 5, value: 1, step: 0 })
  })

  test.each(['', '17000', '1 2 3 4', 'x 1 2', '1 x 2', '1 2 x', '1  2', '1.5 2 3'])('%j is torn', (line) => {
    expect(fromMetricLine(line)).toBeUndefined()
  })
})

describe('lines to append', () => {
  const longest = toMetricLine({
    timestampMs: Number.MAX_SAFE_INTEGER,
    value: -2.2250738585072014e-308,
    step: Number.MIN_SAFE_INTEGER,
  })

  test.each([0, 64, 500, 4032])('after %i bytes never lie across a page boundary', (size) => {
    const lines = Array.from({ length: 5000 }, (_, index) =>
      index % 7 === 0
        ? longest
        : toMetricLine({ timestampMs: 1_700_000_000_000 + index, value: index / 3, step: index }),
    )
    const text = joinWithinPages(lines, size)
    for (let boundary = 4096 - size; boundary < text.length; boundary += 4096) {
      expect(text[boundary - 1]).toBe('\n')
    }
    expect(text.split('\n').map((line) => line.trimEnd())).toEqual([...lines, ''])
  })

  test('need no filling where there is room', () => {
    expect(joinWithinPages(['1 1.0 0', '2 1.0 0'], 100)).toBe('1 1.0 0\n2 1.0 0\n')
  })
})
