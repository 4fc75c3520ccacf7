import { expect, test } from 'vitest'
import { sidebar } from '../sidebar.ts'
import { sourceHash } from '../translation.ts'
import { englishPages, field, prose, writtenPages } from './written-pages.ts'

const english = englishPages()

test('every English page has a German one that was made from its present text', () => {
  const recorded = writtenPages()
    .filter(({ path }) => path.startsWith('de/'))
    .map((page) => [page.path.slice('de/'.length), field(page, 'source')])
  const expected = english.map(({ path, text }) => [path, sourceHash(text)])
  expect(Object.fromEntries(recorded)).toEqual(Object.fromEntries(expected))
})

test('every page is reached from the sidebar, and the sidebar names no other', () => {
  const inSidebar = sidebar
    .flatMap((group) => (typeof group === 'object' && 'items' in group ? group.items : []))
    .map((item) => (typeof item === 'object' && 'slug' in item ? item.slug : item))
  const slugs = english.map(({ path }) => path.replace(/\.mdx?$/, '')).filter((slug) => slug !== 'index')
  const generated = ['reference/cli', 'reference/settings', 'reference/client']
  expect(new Set(inSidebar)).toEqual(new Set([...slugs, ...generated]))
  expect(new Set(inSidebar).size).toBe(inSidebar.length)
})

test('the sidebar stays small enough to read: seven groups, nine entries', () => {
  expect(sidebar.length).toBeLessThanOrEqual(7)
  for (const group of sidebar) {
    expect(typeof group === 'object' && 'items' in group ? group.items.length : 0).toBeLessThanOrEqual(9)
  }
})

test.each(english.map((page) => [page.path, page] as const))(
  '%s is plain: no filler, no "we", no exclamation',
  (_, page) => {
    expect(prose(page).match(/\b(simply|just|easy|easily|let's|we|our)\b|!(?!\[)/gi)).toBeNull()
  },
)

test.each(english.map((page) => [page.path, page] as const))(
  '%s has paragraphs of three sentences at most',
  (_, page) => {
    const long = prose(page)
      .split(/\n{2,}/)
      .filter(
        (paragraph) => !/^(-|\d+\.) /.test(paragraph) && (paragraph.match(/[.?](\s|$)/g)?.length ?? 0) > 3,
      )
    expect(long).toEqual([])
  },
)

test.each(
  writtenPages()
    .filter((page) => field(page, 'kind') === 'how-to')
    .map((page) => [page.path, page] as const),
)('%s begins with what to type and ends with how to verify it', (path, page) => {
  const body = prose({ ...page, text: page.text.replaceAll(/^```/gm, '<Snippet') })
  expect(body.trimStart()).toMatch(/^<Snippet/)
  expect(page.text.match(/^## .*$/gm)?.at(-1)).toBe(path.startsWith('de/') ? '## Prüfen' : '## Verify')
})
