import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { writeTable } from './table.ts'

it('lines columns up and leaves nothing behind the last', async () => {
  const stdout = new PassThrough()
  writeTable(
    stdout,
    ['A', 'LONG'],
    [
      ['wide cell', 'x'],
      ['', ''],
    ],
  )
  stdout.end()
  expect(await text(stdout)).toBe('A          LONG\nwide cell  x\n\n')
})
