import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '@soen/testbed'
import { expect, onTestFinished, test } from 'vitest'
import { tail } from './platform-logs.ts'

function fileWith(text: string): string {
  const folder = temporaryFolder('tail')
  onTestFinished(() => folder[Symbol.dispose]())
  const path = join(folder.path, 'mlflow.log')
  writeFileSync(path, text)
  return path
}

test('gives the last lines only', async () => {
  expect((await tail(fileWith('a\nb\nc\n'), 2))?.lines).toEqual(['b', 'c'])
})

test('finds them across blocks of a long file', async () => {
  const line = 'x'.repeat(1000)
  const path = fileWith(Array.from({ length: 300 }, (_, i) => `${i} ${line}\n`).join(''))
  const lines = (await tail(path, 150))?.lines
  expect(lines?.length).toBe(150)
  expect(lines?.[0]).toBe(`150 ${line}`)
  expect(lines?.at(-1)).toBe(`299 ${line}`)
})

test.each([
  ['', 5, []],
  ['a\nb', 5, ['a', 'b']],
  ['a\n', 0, []],
])('reads %j as it is', async (text, count, lines) => {
  expect((await tail(fileWith(text), count))?.lines).toEqual(lines)
})

test('says when there is no file', async () => {
  expect(await tail('/no/such/file.log', 5)).toBeUndefined()
})
