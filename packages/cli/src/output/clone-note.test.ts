import { expect, test } from 'vitest'
import { cloneNote, namesVerb } from './clone-note.ts'

test.each([
  ['the start of a clone', { npm_lifecycle_event: 'start' }, true, true],
  ['a verb in a clone', { npm_lifecycle_event: 'soen' }, true, true],
  ['an installed program', {}, false, false],
  ["another project's own script", { npm_lifecycle_event: 'start' }, false, false],
  ['the tests of a clone', { npm_lifecycle_event: 'test' }, true, false],
])('tells how soen is typed in %s, where it is typed in another way', (_where, env, isSource, isTold) => {
  expect(cloneNote(env, isSource)?.includes('npm run soen --') ?? false).toBe(isTold)
})

test.each([
  ['See it with `soen status`.', true],
  ['Start the local platform (soen up).', true],
  ['Read /tmp/soen and soen.yaml, then ask team-soen here.', false],
])('«%s»', (words, isSo) => {
  expect(namesVerb(words)).toBe(isSo)
})
