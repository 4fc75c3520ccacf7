import { expect, test } from 'vitest'
import { shortenNote } from './shorten-note.ts'

test('ends with where the whole text is, within the length', () => {
  const note = shortenNote('x'.repeat(9000), 8000, 'notes/description.md')
  expect(note).toHaveLength(8000)
  expect(note).toMatch(/x\n\n---\n\*The whole text is among the artifacts: `notes\/description\.md`\.\*$/)
})

test('is cut between two lines when one is near, and never through a character', () => {
  expect(shortenNote(`first\n${'line\n'.repeat(2000)}`, 8000, 'a')).toMatch(/\nline\n\n---/)
  expect(shortenNote('🙂'.repeat(9000), 8001, 'ab')).toMatch(/^(🙂)+\n\n---/u)
  expect(shortenNote('🙂'.repeat(9000), 8000, 'ab')).toMatch(/^(🙂)+\n\n---/u)
})
