import { describe, expect, test } from 'vitest'
import {
  bytesField,
  doubleField,
  floatField,
  readFields,
  readPackedVarints,
  varintField,
} from './protobuf.ts'

test.each([0, 1, 127, 128, 300, 2 ** 31, 2 ** 48, 2 ** 49, Number.MAX_SAFE_INTEGER, -1, -300, -(2 ** 53)])(
  'the integer %d is read as it was written',
  (value) => {
    expect([...readFields(varintField(2, value))]).toMatchObject([{ number: 2, integer: value }])
  },
)

test('a negative integer takes the ten bytes that other readers expect', () => {
  expect(varintField(2, -1).toString('hex')).toBe('10ffffffffffffffffff01')
})

test('reads fields of every wire type in their order', () => {
  const message = Buffer.concat([
    doubleField(1, Math.PI),
    varintField(2, 7),
    floatField(3, 0.5),
    bytesField(4, 'grö', bytesField(1, 'ße')),
    varintField(1000, 1),
  ])
  const fields = [...readFields(message)]
  expect(fields.map(({ number }) => number)).toEqual([1, 2, 3, 4, 1000])
  expect(fields[0]?.bytes.readDoubleLE()).toBe(Math.PI)
  expect(fields[2]?.bytes.readFloatLE()).toBe(0.5)
  expect(fields[3]?.bytes.toString()).toBe('grö\n\u0003ße')
})

test('reads packed integers', () => {
  expect(readPackedVarints(Buffer.from([1, 0xac, 0x02, 3]))).toEqual([1, 300, 3])
  expect(readPackedVarints(Buffer.alloc(0))).toEqual([])
})

describe('refuses', () => {
  test.each([
    ['a field longer than its message', Buffer.from([0x0a, 5, 1])],
    ['a torn varint', Buffer.from([0x10, 0x80])],
    ['a long torn varint', Buffer.from([0x10, ...Array.from({ length: 8 }, () => 0xff)])],
    ['a varint without end', Buffer.from([0x10, ...Array.from({ length: 11 }, () => 0xff)])],
    ['a group, which no event has', Buffer.from([0x0b])],
    ['a negative length', Buffer.concat([Buffer.from([0x0a]), varintField(0, -1).subarray(1)])],
  ])('%s', (_, message) => {
    expect(() => [...readFields(message)]).toThrow(RangeError)
  })
})
