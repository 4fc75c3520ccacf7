import { errorPages } from '@soen/auth-proxy'
import { CLIENT_ERROR_CODES } from '@soen/mlflow-client'
import { expect, test } from 'vitest'
import { codesInSources, errorTables } from './codes-in-sources.ts'
import { writtenPages } from './written-pages.ts'

/** Which codes a page of `troubleshooting/` explains. */
const EXPLAINED: readonly (readonly [page: string, codes: readonly string[]])[] = [
  ['troubleshooting/client.md', CLIENT_ERROR_CODES],
  ...Object.entries(errorPages).map(([page, codes]) => [`troubleshooting/${page}.md`, codes] as const),
]

/** What has two pages, because other things help on a machine that is not one's own. */
const EXPLAINED_TWICE = ['SOEN_DISK_FULL']

/** The codes that stand as headings on a page, each with what is said below it. */
function sections(path: string): ReadonlyMap<string, string> {
  const text = writtenPages().find((page) => page.path === path)?.text ?? ''
  const found = [...text.matchAll(/^#+ (SOEN_[A-Z_]+)\n([^#]*)/gm)]
  return new Map(found.map(([, code = '', body = '']) => [code, body.trim()]))
}

/** A section says what it means, and what to do: one sentence says neither. */
function tooShort(found: ReadonlyMap<string, string>): readonly (readonly [string, string])[] {
  return [...found].filter(([, body]) => (body.match(/[.:](\s|$)/g)?.length ?? 0) < 2)
}

test.each(EXPLAINED.flatMap(([page, codes]) => [[page, codes] as const, [`de/${page}`, codes] as const]))(
  '%s has a section for each code, and for no other',
  (page, codes) => {
    const found = sections(page)
    expect([...found.keys()].toSorted()).toEqual([...codes].toSorted())
    expect(tooShort(found)).toEqual([])
  },
)

test.each(['', 'de/'])(
  'what soen and the machine say has a section, and no other code has one: /%s',
  (language) => {
    const pages = ['terminal', 'local', 'server-access', 'server']
    const own = pages.map((page) => sections(`${language}troubleshooting/${page}.md`))
    const elsewhere = new Set(EXPLAINED.flatMap(([, codes]) => codes))
    const said = new Set([
      ...codesInSources(),
      ...errorTables.flatMap((table) => Object.values(table).flat()),
    ])
    const explained = own.flatMap((found) => [...found.keys()])
    expect(explained.filter((code) => !said.has(code))).toEqual([])
    expect([...said].filter((code) => !explained.includes(code) && !elsewhere.has(code))).toEqual([])
    expect(explained.filter((code, place) => explained.indexOf(code) !== place)).toEqual(EXPLAINED_TWICE)
    expect(own.flatMap(tooShort)).toEqual([])
  },
)

test.each(['', 'de/'])('each code has its section on the page that its error names: /%s', (language) => {
  const missing = errorTables.flatMap(Object.entries<readonly string[]>).flatMap(([page, codes]) => {
    const found = sections(`${language}troubleshooting/${page}.md`)
    return codes.filter((code) => !found.has(code))
  })
  expect(missing).toEqual([])
})
