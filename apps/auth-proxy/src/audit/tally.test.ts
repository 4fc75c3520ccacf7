import { expect, it } from 'vitest'
import type { AuditEvent } from './record.ts'
import { Tally } from './tally.ts'

const event: AuditEvent = {
  action: 'write',
  allowed: true,
  actor: 'bob',
  status: 200,
  requestId: 'r',
  subjects: [
    {
      kind: 'run',
      value: '1',
    },
  ],
}

it('makes one record of each key, with counts', () => {
  const emitted: AuditEvent[] = []
  const tally = new Tally({ emit: (sum) => emitted.push(sum) })
  const now = new Date('2026-11-25T18:00:00Z')
  expect(tally.add('a', event, now)).toBe(true)
  expect(tally.add('a', { ...event, action: 'other', status: 500 }, new Date())).toBe(false)
  expect(tally.add('b', event, now)).toBe(true)
  tally.flush()
  expect(emitted).toEqual([
    {
      action: 'write',
      allowed: true,
      actor: 'bob',
      count: 2,
      since: '2026-11-25T18:00:00.000Z',
      actions: {
        write: 1,
        other: 1,
      },
      statuses: {
        200: 1,
        500: 1,
      },
      subjects: event.subjects,
    },
    {
      action: 'write',
      allowed: true,
      actor: 'bob',
      count: 1,
      since: '2026-11-25T18:00:00.000Z',
      status: 200,
      subjects: event.subjects,
    },
  ])
  tally.flush()
  expect(emitted).toHaveLength(2)
})

it('names so many subjects and counts the others', () => {
  const emitted: AuditEvent[] = []
  const tally = new Tally({ emit: (sum) => emitted.push(sum), maxSubjects: 2 })
  for (const value of ['1', '2', '1', '3', '4']) {
    tally.add('a', { ...event, subjects: [{ kind: 'artifact-path', value }] }, new Date())
  }
  tally.flush()
  expect(emitted[0]).toMatchObject({ count: 5, moreSubjects: 2 })
  expect(emitted[0]?.subjects.map(({ value }) => value)).toEqual(['1', '2'])
})

it('hands on early what would become too much to hold', () => {
  const emitted: AuditEvent[] = []
  const tally = new Tally({ emit: (sum) => emitted.push(sum), maxSums: 3 })
  for (let key = 0; key < 10; key += 1) tally.add(String(key), event, new Date())
  expect(emitted).toHaveLength(9)
  tally.flush()
  expect(emitted).toHaveLength(10)
})
