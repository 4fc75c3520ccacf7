import { describe, expect, it } from 'vitest'
import { artifactSegment, plainSegment } from './segment.ts'

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

describe('artifactSegment', () => {
  it.each([
    ['model.ckpt', 'model.ckpt'],
    ['a%20b', 'a b'],
    ['%C3%BC%23%3F', 'ü#?'],
    ['100%25', '100%'],
    ['100%25.txt', '100%.txt'],
    ["q'(1)!~%2C%40%26%3D%24", "q'(1)!~,@&=$"],
  ])('takes an odd file name: %s is %s', (raw, name) => {
    expect(artifactSegment(raw)).toEqual({ decoded: name, fixpoint: name })
  })

  it('shows what MLflow ends at when it decodes again and again', () => {
    expect(artifactSegment('%2532')).toEqual({ decoded: '%32', fixpoint: '2' })
    expect(artifactSegment('%252532')).toEqual({ decoded: '%2532', fixpoint: '2' })
  })

  it('gives up on names that are still changing after three decodings', () => {
    expect(artifactSegment('%25252532')).toBeUndefined()
  })

  it.each([
    '..',
    '%2e%2e',
    '%252e%252e',
    '%25252e%25252e',
    'a%252Fb',
    'a%25252fb',
    'a%255Cb',
    'x%253By',
    '%2500',
  ])('stops a traversal under any number of encodings: %s', (raw) => {
    expect(artifactSegment(raw)).toBeUndefined()
  })

  it('stops bytes that become text only by replacement', () => {
    expect(artifactSegment('%25FF')).toBeUndefined()
  })
})
