import { expect, test } from 'vitest'
import { testSettings } from '../testing/settings.ts'
import { planHeader } from './run-header.ts'

const settings = testSettings('http://h', '/spool', { identity: { member: 'ann', project: 'p' } })

test('joins the identity of the settings with what the call says', () => {
  const { tags, userId } = planHeader(settings, { project: 'q', seed: 0 })
  expect(userId).toBe('ann')
  expect(tags).toMatchObject({ 'soen.project': 'q', 'soen.member': 'ann', 'soen.seed': '0' })
})

test('is a run of its own unless something else is asked for', () => {
  const header = planHeader(settings, { name: 'n' })
  expect(header).toMatchObject({ version: 1, name: 'n', experiment: 'tests', trackingUri: 'http://h' })
  expect(Object.keys(header)).not.toEqual(expect.arrayContaining(['resumeKey']))
  expect([header.joins, header.parentId]).toEqual([undefined, undefined])
})

test('keeps what it resumes, joins or belongs to', () => {
  const parent = { clientRunId: 'p1', experiment: 'of the parent' }
  expect(planHeader(settings, {}, parent)).toMatchObject({ parentId: 'p1', experiment: 'of the parent' })
  expect(planHeader(settings, { experiment: 'own' }, parent).experiment).toBe('own')
  expect(planHeader(settings, { runId: 'abc' }).joins).toBe('abc')
  expect(planHeader(settings, { resumeKey: true, seed: 3, overlap: 'keep' })).toMatchObject({
    resumeKey: 'project=p/member=ann/seed=3',
    overlap: 'keep',
  })
})
