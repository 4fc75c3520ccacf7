import { expect, test } from 'vitest'
import { frameRecord, readRecord } from './tf-record.ts'

const framed = frameRecord(Buffer.from('first'))

test('reads one record after the other', () => {
  const bytes = Buffer.concat([framed, frameRecord(Buffer.alloc(0)), frameRecord(Buffer.from('third'))])
  const read: string[] = []
  for (let start = 0; start < bytes.length;) {
    const record = readRecord(bytes, start)
    if (record.kind !== 'record') throw new Error(record.kind)
    read.push(record.data.toString())
    start = record.end
  }
  expect(read).toEqual(['first', '', 'third'])
})

test('says of every torn record how much it needs', () => {
  for (let length = 0; length < framed.length; length += 1) {
    expect(readRecord(framed.subarray(0, length), 0)).toEqual({
      kind: 'short',
      neededBytes: length < 12 ? 12 : framed.length,
    })
  }
})

test('sees every flipped byte', () => {
  for (let at = 0; at < framed.length; at += 1) {
    const damaged = Buffer.from(framed)
    damaged.writeUInt8(damaged.readUInt8(at) ^ 1, at)
    // The start of the next record is known as long as the length is right.
    const more = at < 12 ? {} : { end: framed.length }
    expect(readRecord(damaged, 0)).toEqual({ kind: 'corrupt', ...more })
  }
})

test('does not take the zeros that a memory-mapping writer leaves ahead for records', () => {
  expect(readRecord(Buffer.alloc(64), 0)).toEqual({ kind: 'corrupt' })
})
