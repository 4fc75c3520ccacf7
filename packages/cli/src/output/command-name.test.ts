import { expect, test } from 'vitest'
import { commandName, typeable } from './command-name.ts'

const clone = 'npm run soen --'

test.each([
  ['the start of a checkout', { npm_lifecycle_event: 'start' }, true, clone],
  ['a verb in a checkout', { npm_lifecycle_event: 'soen' }, true, clone],
  ['an installed program', {}, false, 'soen'],
  ["another project's own script", { npm_lifecycle_event: 'start' }, false, 'soen'],
  ['the tests of a checkout', { npm_lifecycle_event: 'test' }, true, 'soen'],
])('is typed as %s can be', (_where, env, isSource, name) => {
  expect(commandName(env, isSource)).toBe(name)
})

test.each([
  [
    'See it with `soen status`, end it with `soen down`.',
    `See it with \`${clone} status\`, end it with \`${clone} down\`.`,
  ],
  ['Start the local platform (soen up).', `Start the local platform (${clone} up).`],
  [
    'Read /tmp/soen and soen.yaml, then ask team-soen here.',
    'Read /tmp/soen and soen.yaml, then ask team-soen here.',
  ],
])('names it in «%s»', (words, typed) => {
  expect(typeable(words, clone)).toBe(typed)
  expect(typeable(words, 'soen')).toBe(words)
})
