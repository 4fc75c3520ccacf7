import { expect, it } from 'vitest'
import { visibleText } from './visible-text.ts'

it.each([
  ['\u001b[2J', String.raw`\u001b[2J`],
  ['\u009b2J', String.raw`\u009b2J`],
  ['a\r\bb\u007f', String.raw`a\u000d\u0008b\u007f`],
  ['run \u202egnp.exe\u202c', String.raw`run \u202egnp.exe\u202c`],
  ['\u2066\u2069\u200e\u200f\u061c', String.raw`\u2066\u2069\u200e\u200f\u061c`],
  ['größe 模型😀 e\u0301\n\tx', 'größe 模型😀 e\u0301\n\tx'],
])('spells out what would act on a terminal: %j', (text, shown) => {
  expect(visibleText(text)).toBe(shown)
})

it('leaves the meaning of JSON', () => {
  const name = 'a\u009b2J\u202eb'
  expect(JSON.parse(visibleText(JSON.stringify({ name })))).toEqual({ name })
})
