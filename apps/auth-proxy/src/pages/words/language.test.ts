import { expect, it } from 'vitest'
import { languageOf } from './language.ts'

it.each([
  [undefined, 'en'],
  ['', 'en'],
  ['*', 'en'],
  ['fr, ja;q=0.8', 'en'],
  ['de', 'de'],
  ['de-AT, en;q=0.9', 'de'],
  ['DE-ch', 'de'],
  ['en-GB, de', 'en'],
  ['en;q=0.5, de;q=0.9', 'de'],
  ['fr, de;q=0.4, en;q=0.3', 'de'],
  ['de;q=0, en', 'en'],
  ['de;q=soon, en;q=0.1', 'en'],
  ['den', 'en'],
] as const)('reads %j as %s', (header, language) => {
  expect(languageOf(header)).toBe(language)
})
