import { waitUntil } from '@soen/testbed'
import { describe, expect, it } from 'vitest'
import { auditRecords } from '../testing/audit-records.ts'
import { openAudited } from '../testing/audited-folder.ts'
import type { Audited } from '../testing/audited-folder.ts'
import { findRecords } from './search.ts'
import { recorded } from './command-records.ts'

const day = 24 * 60 * 60_000

const aDelete = { action: 'delete', allowed: true } as const

async function deletesLeft({ store }: Audited): Promise<readonly (string | undefined)[]> {
  const left = await findRecords(store.db, { action: 'delete' }, { limit: 100 })
  return left.map(({ subjects }) => subjects[0]?.value)
}

function inOrder(numbers: readonly (string | undefined)[]): readonly string[] {
  return numbers.map(String).toSorted((one, other) => Number(one) - Number(other))
}

it('drops what is too old from both, says so, and what is left is whole', async () => {
  await using audited = await openAudited()
  let now = new Date('2026-01-01T12:00:00Z')
  const clocks = { now: () => now, uptimeMs: () => now.getTime() }
  // One front door from long ago, and one that has been running since.
  await audited.keep(3, clocks)
  await using log = await audited.begin({ ...clocks, keepDays: 30 })
  for (let passed = 0; passed < 60; passed += 10) {
    log.note({ ...aDelete, subjects: [{ kind: 'run', value: String(passed) }] })
    await log.flush()
    now = new Date(now.getTime() + 10 * day)
  }
  const before = audited.files().length
  await log.expire()
  await log.flush()
  expect(audited.files().length).toBeLessThan(before)
  expect(await deletesLeft(audited)).toEqual(['50', '40', '30'])
  expect((await audited.verify()).flaws).toEqual([])

  // Somebody else deletes the same records, and one more than was recorded.
  await audited.store.db.deleteFrom('audit').where('seq', '=', 5).execute()
  expect((await audited.verify()).flaws[0]).toMatchObject({ kind: 'missing', seq: 6 })
})

it('drops by itself, soon after a front door begins', async () => {
  await using audited = await openAudited()
  await audited.keep(0)
  await audited.keep(3, { now: () => new Date('2020-01-01T12:00:00Z') })
  await using log = await audited.begin({ minuteMs: 20, flushMs: 10 })
  await waitUntil(async () => (await deletesLeft(audited)).length === 0, {
    what: 'the records to be dropped',
    timeoutMs: 2e4,
  })
  await log.flush()
  expect((await audited.verify()).flaws).toEqual([])
})

describe('a clock that jumps five years ahead', () => {
  const today = new Date('2026-01-01T12:00:00Z')
  const ahead = (): Date => new Date(today.getTime() + 5 * 365 * day)

  it('drops nothing, however often a front door begins under it, and that is told', async () => {
    await using audited = await openAudited()
    const doubts: number[] = []
    await audited.keep(3, { now: () => today })
    const onDoubt = (days: number): void => void doubts.push(days)
    for (let start = 0; start < 3; start += 1) {
      await using log = await audited.begin({ now: ahead, uptimeMs: () => 0, onDoubt })
      await log.expire()
    }
    expect(await deletesLeft(audited)).toHaveLength(3)
    expect(doubts).toEqual([1825, 1825, 1825])
    expect(audited.files()).toHaveLength(4)
    expect(await audited.verify()).toMatchObject({ isIntact: true })
  })

  it('and stays there for a day makes records a month older', async () => {
    await using audited = await openAudited()
    await audited.keep(3, { now: () => today })
    let uptimeMs = 0
    await using log = await audited.begin({ now: ahead, uptimeMs: () => uptimeMs, keepDays: 31 })
    uptimeMs = day
    await log.expire()
    expect(await deletesLeft(audited)).toHaveLength(3)
    uptimeMs = 2 * day
    await log.expire()
    expect(await deletesLeft(audited)).toHaveLength(0)
    await log.flush()
    expect((await audited.verify()).flaws).toEqual([])
  })
})

it('drops what grew old while the server was off for a year, some days after it is back', async () => {
  await using audited = await openAudited()
  let [now, uptimeMs] = [new Date('2025-01-01T12:00:00Z'), 0]
  const clocks = { now: () => now, uptimeMs: () => uptimeMs }
  await audited.keep(3, clocks)
  now = new Date('2026-01-01T12:00:00Z')
  await using log = await audited.begin({ ...clocks, keepDays: 200 })
  for (const [days, left] of [
    [0, 3],
    [6, 3],
    [7, 0],
  ] as const) {
    uptimeMs = days * day
    await log.expire()
    expect(await deletesLeft(audited)).toHaveLength(left)
  }
})

it.each([
  ['1970', '1970-01-01T00:00:00Z', ['0', '1', '2', '3']],
  ['2031', '2031-01-01T00:00:00Z', ['1', '2', '3']],
])('a record that a clock of %s wrote drops no younger one before it', async (_year, wrong, left) => {
  await using audited = await openAudited()
  let now = new Date('2026-01-01T12:00:00Z')
  const clocks = { now: () => now, uptimeMs: () => now.getTime() }
  // Each record in a file of its own; the files' names are then not in the order of the records.
  await using log = await audited.begin({ ...clocks, keepDays: 30, maxFileBytes: 1 })
  await log.flush()
  const [old, young] = ['2026-01-01T12:00:00Z', '2026-02-28T12:00:00Z']
  const times = wrong < old ? [young, young, wrong, young] : [old, wrong, old, young]
  for (const [number, time] of times.entries()) {
    now = new Date(time)
    log.note({ ...aDelete, subjects: [{ kind: 'run', value: String(number) }] })
    await log.flush()
  }
  now = new Date('2026-03-01T12:00:00Z')
  await log.expire()
  await log.flush()
  expect(inOrder(await deletesLeft(audited))).toEqual(left)
  const kept = auditRecords(audited.folder).map(({ subjects }) => subjects[0]?.value)
  expect(inOrder(kept)).toEqual(left)
  expect((await audited.verify()).flaws).toEqual([])
})

it('keeps a file whose last record alone is old', async () => {
  await using audited = await openAudited()
  let now = new Date('2026-01-01T12:00:00Z')
  await using log = await audited.begin({ now: () => now, uptimeMs: () => now.getTime() })
  log.note({ ...aDelete, subjects: [] })
  now = new Date(0)
  log.note({ ...aDelete, subjects: [] })
  now = new Date('2026-01-02T12:00:00Z')
  await log.flush()
  now = new Date('2026-01-03T12:00:00Z')
  await log.expire()
  await log.flush()
  expect(await deletesLeft(audited)).toHaveLength(2)
  expect(auditRecords(audited.folder)).toHaveLength(2)
})

it('says again what was dropped before, because the record that said so grows old too', async () => {
  await using audited = await openAudited()
  let now = new Date('2026-01-01T12:00:00Z')
  const clocks = { now: () => now, uptimeMs: () => now.getTime() }
  await using log = await audited.begin({ ...clocks, keepDays: 30 })
  // Recorded while the clock was ahead: it stays for years.
  const ahead = await audited.begin({ ...clocks, keepDays: 30 })
  await ahead.flush()
  now = new Date('2031-01-01T12:00:00Z')
  ahead.note({ ...aDelete, subjects: [{ kind: 'run', value: 'ahead' }] })
  await ahead.flush()
  for (const month of ['02', '03', '04', '05', '06']) {
    now = new Date(`2026-${month}-15T12:00:00Z`)
    log.note({ ...aDelete, subjects: [{ kind: 'run', value: month }] })
    await log.flush()
    await log.expire()
    await log.flush()
  }
  expect(await deletesLeft(audited)).toEqual(['ahead', '06'])
  expect((await audited.verify()).flaws).toEqual([])
  await ahead[Symbol.asyncDispose]()
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
