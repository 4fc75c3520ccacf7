import { expect, test } from 'vitest'
import { unitText } from './unit.ts'

const content = '[Unit]\nDescription=Demo\n\n[Service]\nType=exec\nExecStart=/bin/demo\n'

test('marks a unit with what it is started with', () => {
  expect(unitText({ content, inputs: 'abc' })).toBe(
    '[Unit]\nDescription=Demo\n\n[Service]\nEnvironment=SOEN_UNIT_INPUTS=abc\nType=exec\nExecStart=/bin/demo\n',
  )
})

test.each(['', 'Type=simple\n'])(
  'refuses a unit that counts as started before its program runs (%j)',
  (type) => {
    expect(() => unitText({ content: content.replace('Type=exec\n', type), inputs: 'abc' })).toThrow(
      'Type=exec',
    )
  },
)
