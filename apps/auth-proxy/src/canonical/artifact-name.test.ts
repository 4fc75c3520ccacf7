import { describe, expect, it } from 'vitest'
import { isArtifactName, readArtifactName } from './artifact-name.ts'

const read = (raw: string): string | undefined => readArtifactName(raw)?.join('/')

describe('readArtifactName', () => {
  it.each([
    ['model.ckpt', 'model.ckpt'],
    ['a%20b', 'a b'],
    ['%C3%BC%23%3F!', 'ü#?!'],
    ['100%25', '100%'],
    ['100%25.txt', '100%.txt'],
    ["q'(1)!~%2C%40%26%3D%24", "q'(1)!~,@&=$"],
    ['a;b', 'a;b'],
    ['a;b;', undefined],
    ['a%3Bb/c', 'a;b/c'],
    ['a%5Cb', 'a\\b'],
    ['v1%2E2', 'v1.2'],
  ])('takes an odd file name: %s is %s', (raw, name) => {
    expect(read(raw)).toBe(name)
  })

  it.each([
    ['1//2', '1/2'],
    ['1/./2', '1/2'],
    ['./1/2', '1/2'],
    ['1/%2e/2', '1/2'],
    ['1%2F2', '1/2'],
    ['1%252F2', '1/2'],
    ['1/2/', '1/2'],
    ['1/a%09b', '1/ab'],
    ['1/a%0D%0Ab', '1/ab'],
    ['1/a%25%09%34%31', '1/aA'],
  ])('finds the file that MLflow finds: %s is %s', (raw, name) => {
    expect(read(raw)).toBe(name)
  })

  it('shows what MLflow ends at when it decodes again and again', () => {
    expect(read('%2532')).toBe('2')
    expect(read('%252532')).toBe('2')
  })

  it('gives up on names that are still changing after three decodings', () => {
    expect(read('%25252532')).toBeUndefined()
  })

  it.each([
    '..',
    '.',
    './/',
    '/etc',
    '%2Fetc',
    '1/..',
    '1/../2',
    '.%09./2',
    '%2e%2e',
    '%252e%252e',
    '%25252e%25252e',
    '..%2Fa',
    'a%5C..%5Cb',
    'a%255C..%255Cb',
    '..%5Cb',
    'x;',
    'x;?y',
    'x%3B%3Fy',
    '%2500',
    '%01',
  ])('stops a traversal, or two readings, under any number of encodings: %s', (raw) => {
    expect(read(raw)).toBeUndefined()
  })

  it('stops bytes that become text only by replacement', () => {
    expect(read('%25FF')).toBeUndefined()
    expect(read('%zz')).toBeUndefined()
  })
})

describe('isArtifactName', () => {
  it.each(['1/r/artifacts', '1/r/artifacts/', 'a;b', '100%', 'a\\b'])('takes %s as it is spelled', (name) => {
    expect(isArtifactName(name)).toBe(true)
  })

  it.each(['1//r', './1', 'a%41', 'a\tb', '../1', '/1'])(
    'does not take %j, whose file has another name',
    (name) => {
      expect(isArtifactName(name)).toBe(false)
    },
  )
})
