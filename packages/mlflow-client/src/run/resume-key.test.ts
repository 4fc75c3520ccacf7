import { expect, test } from 'vitest'
import { resumeKeyFrom } from './resume-key.ts'

test('is made of project, member, repeat and seed, as far as they are known', () => {
  const identity = { project: 'dendrites', member: 'ann', repeat: 0, seed: 7 }
  expect(resumeKeyFrom(true, identity)).toBe('project=dendrites/member=ann/repeat=0/seed=7')
  expect(resumeKeyFrom(true, { seed: 7, member: undefined })).toBe('seed=7')
  expect(resumeKeyFrom(true, {})).toBeUndefined()
})

test('is the caller’s own where there is one, safe between quotes', () => {
  expect(resumeKeyFrom('job 4711', { seed: 7 })).toBe('job%204711')
  expect(resumeKeyFrom("it's", {})).toBe('it%27s')
  expect(resumeKeyFrom('', {})).toBeUndefined()
})
