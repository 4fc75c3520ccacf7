import { expect, test } from 'vitest'
import { MetricLineWriter } from './metric-line.ts'

function writer(): MetricLineWriter {
  return new MetricLineWriter()
}

test('writes a call as one JSON record, with doubles spelled for the server', () => {
  const { json, accepted } = writer().write(
    { a: 0.1, 'b/c': NaN, d: -Infinity, e: -0, f: 1e21, 'g"': 2 },
    7,
    99,
  )
  expect(accepted).toBe(6)
  expect(JSON.parse(json ?? '')).toEqual({
    k: 'm',
    at: 99,
    s: 7,
    v: { a: 0.1, 'b/c': 'NaN', d: '-Infinity', e: '-0.0', f: 1e21, 'g"': 2 },
  })
})

test.each([1.5, NaN, Infinity, 2 ** 60])(
  'refuses the step %s, which would lose other points on the server',
  (step) => {
    expect(writer().write({ a: 1, b: 2 }, step, 0)).toMatchObject({
      json: undefined,
      accepted: 0,
      refused: [{ name: 'a' }, { name: 'b', why: expect.stringContaining('not an integer') }],
    })
  },
)

test('takes a negative step and writes no minus before zero', () => {
  expect(writer().write({ a: 1 }, -3, 0).json).toContain('"s":-3,')
  expect(writer().write({ a: 1 }, -0, 0).json).toContain('"s":0,')
})

test('refuses what is no number and takes the rest of the call', () => {
  const untyped: Record<string, number> = JSON.parse('{"a": "1", "b": 2, "c": null}')
  const { json, refused } = writer().write(untyped, 0, 0)
  expect(JSON.parse(json ?? '').v).toEqual({ b: 2 })
  expect(refused).toEqual([
    { name: 'a', why: 'its value is a string, not a number' },
    { name: 'c', why: 'its value is a null, not a number' },
  ])
})

test('takes the time that a point was measured at, in whole milliseconds only', () => {
  const lines = writer()
  expect(lines.write({ loss: 1 }, 0, 1_700_000_000_000).json).toContain('"at":1700000000000')
  expect(lines.write({ loss: 1 }, 0, 1.5)).toMatchObject({
    json: undefined,
    refused: [{ name: 'loss', why: 'the time stamp 1.5 is not an integer' }],
  })
})

test('notes no step where none was given, and which step is a count', () => {
  const lines = writer()
  expect(JSON.parse(lines.write({ a: 1 }, undefined, 5).json ?? '')).toEqual({ k: 'm', at: 5, v: { a: 1 } })
  expect(JSON.parse(lines.write({ a: 1 }, 3, 5, true).json ?? '')).toEqual({
    k: 'm',
    at: 5,
    s: 3,
    c: 1,
    v: { a: 1 },
  })
})
