import { waitUntil } from '@soen/testbed'
import { expect, it } from 'vitest'
import { openAudited } from '../testing/audited-folder.ts'
import { findRecords } from '../store/audit.ts'
import { recorded } from './command-records.ts'

const day = 24 * 60 * 60_000

it('drops what is too old from both, says so, and what is left is whole', async () => {
  await using audited = await openAudited()
  let now = new Date('2026-01-01T12:00:00Z')
  // One front door of long ago, and one that has been there since then.
  await audited.keep(3, { now: () => now })
  await using log = await audited.begin({ now: () => now, keepDays: 30 })
  for (let passed = 0; passed < 60; passed += 10) {
    log.note({ action: 'delete', allowed: true, subjects: [{ kind: 'run', value: String(passed) }] })
    await log.flush()
    now = new Date(now.getTime() + 10 * day)
  }
  const before = audited.files().length
  await log.expire()
  await log.flush()
  expect(audited.files().length).toBeLessThan(before)
  const left = await findRecords(audited.store.db, { action: 'delete' }, { limit: 100 })
  expect(left.map(({ subjects }) => subjects[0]?.value)).toEqual(['50', '40', '30'])
  expect((await audited.verify()).flaws).toEqual([])

  // The same records removed by somebody else, one more than was said.
  await audited.store.db.deleteFrom('audit').where('seq', '=', 5).execute()
  expect((await audited.verify()).flaws[0]).toMatchObject({ kind: 'missing', seq: 6 })
})

it('drops by itself, soon after a front door begins', async () => {
  await using audited = await openAudited()
  await audited.keep(3, { now: () => new Date('2020-01-01T12:00:00Z') })
  await using log = await audited.begin({ minuteMs: 20, flushMs: 10 })
  const left = async (): Promise<number> =>
    (await findRecords(audited.store.db, { action: 'delete' }, { limit: 10 })).length
  await waitUntil(async () => (await left()) === 0, { what: 'the records to be dropped', timeoutMs: 20_000 })
  await log.flush()
  expect((await audited.verify()).flaws).toEqual([])
})

it('keeps a change by a command together with its record, or neither', async () => {
  await using audited = await openAudited()
  const { store } = audited
  const deed = { action: 'user disable', subjects: [{ kind: 'user', value: 'bob' }] } as const
  const change = (result: unknown): Promise<unknown> => recorded(store, () => deed).change(async () => result)
  await change(true)
  await change(false)
  await recorded(store, () => deed)
    .change(() => Promise.reject(new Error('broken off')))
    .catch(() => {})
  await change('again')
  const records = await findRecords(store.db, {}, { limit: 10 })
  expect(records).toMatchObject([
    { seq: 2, writer: 'commands', via: 'command', ...deed },
    { seq: 1, writer: 'commands', via: 'command', ...deed },
  ])
  expect(await audited.verify()).toMatchObject({ isIntact: true })
})
