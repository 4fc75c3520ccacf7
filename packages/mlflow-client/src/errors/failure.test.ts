import { expect, test } from 'vitest'
import { describeFailure } from './failure.ts'

test('an error is one line for a tag, and its stack with every cause for a file', () => {
  const disk = new Error('ENOSPC')
  const { line, whole } = describeFailure(new TypeError('cannot save\nthe model', { cause: disk }))
  expect(line).toBe('TypeError: cannot save')
  expect(whole).toMatch(/^TypeError: cannot save\nthe model\n {4}at .*\n\nCaused by: Error: ENOSPC\n {4}at /s)
})

test('what is thrown without being an error is told as it is', () => {
  expect(describeFailure('out of memory')).toEqual({ line: 'out of memory', whole: 'out of memory\n' })
  expect(describeFailure(undefined)).toEqual({ line: 'undefined', whole: '\n' })
})

test('a password in an address does not come along', () => {
  const failure = describeFailure(new Error('GET https://ann:s3cret@example.org/data failed'))
  expect(JSON.stringify(failure)).not.toContain('s3cret')
  expect(failure.line).toBe('Error: GET https://***@example.org/data failed')
})

test('causes that go in a circle come to an end', () => {
  const one = new Error('one')
  one.cause = new Error('two', { cause: one })
  expect(describeFailure(one).whole.match(/Caused by/g)).toHaveLength(7)
})
