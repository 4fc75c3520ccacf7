import { expect, test } from 'vitest'
import { explainedOn } from './error-tables.ts'
import { writtenPages } from './written-pages.ts'

/** The codes that are headings on a page, each with the text of its section. */
function sections(path: string): ReadonlyMap<string, string> {
  const text = writtenPages().find((page) => page.path === path)?.text ?? ''
  const found = [...text.matchAll(/^#+ (SOEN_[A-Z_]+)\n([^#]*)/gm)]
  return new Map(found.map(([, code = '', body = '']) => [code, body.trim()]))
}

/** Sections with a single sentence: each must say what the error means and what to do. */
function tooShort(found: ReadonlyMap<string, string>): readonly (readonly [string, string])[] {
  return [...found].filter(([, body]) => (body.match(/[.:](\s|$)/g)?.length ?? 0) < 2)
}

const written = ['', 'de/'].flatMap((language) =>
  [...explainedOn].map(([page, codes]) => [`${language}troubleshooting/${page}.md`, codes] as const),
)

test.each(written)('%s has a section for each code that names it, and for no other', (path, codes) => {
  const found = sections(path)
  expect([...found.keys()].toSorted()).toEqual([...codes].toSorted())
  expect(tooShort(found)).toEqual([])
})

test('every page of troubleshooting is named by some code', () => {
  const pages = writtenPages().filter(({ path }) => /^(de\/)?troubleshooting\//.test(path))
  expect(pages.map(({ path }) => path).toSorted()).toEqual(written.map(([path]) => path).toSorted())
})
