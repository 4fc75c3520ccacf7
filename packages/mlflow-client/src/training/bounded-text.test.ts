import { expect, test } from 'vitest'
import { BoundedText } from './bounded-text.ts'

test('keeps all of what fits, and else both ends', () => {
  const text = new BoundedText(10)
  text.append('12345')
  text.append('67890')
  expect(text.toString()).toBe('1234567890')
  for (const piece of ['abc', 'def', 'x'.repeat(100), 'the end']) text.append(piece)
  expect(text.toString()).toBe('12345\n… 113 characters are left out …\ne end')
  expect(text.received).toBe(123)
})
