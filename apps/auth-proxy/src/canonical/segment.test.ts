import { describe, expect, it } from 'vitest'
import { plainSegment } from './segment.ts'

describe('plainSegment', () => {
  it.each([
    ['runs', 'runs'],
    ['%61pi', 'api'],
    ['a%20b', 'a b'],
    ['%C3%BC', 'ü'],
    ['a.b', 'a.b'],
    ['...', '...'],
    ['tag:1@x', 'tag:1@x'],
  ])('reads %s as %s', (raw, decoded) => {
    expect(plainSegment(raw)).toBe(decoded)
  })

  it.each(['', '.', '..', '%2e', '%2E%2E', '.%2e', 'a%2Fb', 'a\\b', 'a%5Cb', 'a;b', 'a%3bb'])(
    'stops another path in disguise: %s',
    (raw) => {
      expect(plainSegment(raw)).toBeUndefined()
    },
  )

  it.each([
    '%',
    'a%2',
    '%zz',
    '%FF',
    '%C3',
    '%ED%A0%80',
    '%00',
    'a%0Ab',
    '%7F',
    '%C2%85',
    'a%23b',
    'a%3Fb',
    '%2561',
  ])('stops what has no single reading: %s', (raw) => {
    expect(plainSegment(raw)).toBeUndefined()
  })
})
