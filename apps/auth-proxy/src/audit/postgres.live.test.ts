import { startPostgres } from '@soen/testbed'
import type { RunningPostgres } from '@soen/testbed'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Chain } from './chain.ts'
import { openAudit } from './open-audit.ts'
import type { AuditRecord } from './record.ts'
import { verifyAudit } from './verify.ts'
import { auditFilters } from '../testing/audit-filters.ts'
import { keepMany, thatFit } from '../testing/many-records.ts'
import { findRecords } from './search.ts'
import { addRecords } from './stored-records.ts'
import { openStore } from '../store/open-store.ts'
import type { Store } from '../store/store.ts'

let postgres: RunningPostgres
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres[Symbol.asyncDispose]())

const nameOf = ({ writer, seq }: AuditRecord): string => `${writer} ${seq}`

describe('a search on PostgreSQL', () => {
  let store: Store
  let records: readonly AuditRecord[]
  beforeAll(async () => {
    store = await openStore(await postgres.createDatabase('search'))
    records = await keepMany(store.db, 2600)
  })
  afterAll(() => store[Symbol.asyncDispose]())

  it.each(auditFilters)('finds %s, all of them and in order', async (_what, filter) => {
    const found = await findRecords(store.db, filter, { limit: 10_000 })
    expect(found.map(nameOf)).toEqual(thatFit(records, filter).map(nameOf))
  })

  it('leaves a record that verifies', async () => {
    expect((await verifyAudit(store.db, {})).flaws).toEqual([])
  })
})

it('retention on PostgreSQL drops from each chain what comes before its first young record', async () => {
  await using store = await openStore(await postgres.createDatabase('retention'))
  const chain = new Chain('one')
  const times = ['2020-01-01', '2020-01-02', '2025-12-31', '1970-01-01', '2025-12-31']
  await addRecords(
    store.db,
    times.map((time) => chain.add({ action: 'delete', allowed: true, subjects: [] }, new Date(time))),
  )
  let now = new Date('2026-01-01')
  await using log = await openAudit(store, {
    now: () => now,
    uptimeMs: () => now.getTime(),
    onTrouble: (error) => {
      throw error
    },
  })
  now = new Date('2026-01-02')
  await log.expire()
  const left = await findRecords(store.db, { action: 'delete' }, { limit: 10 })
  expect(left.map(({ seq }) => seq).toSorted((one, other) => one - other)).toEqual([3, 4, 5])
  await log.flush()
  expect((await verifyAudit(store.db, {})).flaws).toEqual([])
})
