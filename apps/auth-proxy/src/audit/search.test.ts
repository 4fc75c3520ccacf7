import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AuditFilter } from './filter.ts'
import type { AuditRecord } from './record.ts'
import { auditFilters } from '../testing/audit-filters.ts'
import { countTurns } from '../testing/count-turns.ts'
import { keepMany, thatFit } from '../testing/many-records.ts'
import { queryPlans } from '../testing/query-plans.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { findRecords } from './search.ts'
import { openStore } from '../store/open-store.ts'
import type { Store } from '../store/store.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let file: string
let store: Store
let records: readonly AuditRecord[]
beforeAll(async () => {
  folder = await temporaryFolder()
  file = join(folder.path, 'auth.sqlite')
  store = await openStore(file)
  records = await keepMany(store.db, 2600)
})
afterAll(async () => {
  await store[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

describe('a search', () => {
  it.each(auditFilters)('finds %s, all of them and in order, page by page', async (_what, filter) => {
    const expected = thatFit(records, filter)
    const found = await findRecords(store.db, filter, { limit: 10_000 })
    expect(found.map(nameOf)).toEqual(expected.map(nameOf))
    const first = await findRecords(store.db, filter, { limit: 30 })
    const second = await findRecords(store.db, filter, { limit: 30, after: first.at(-1) })
    if (first.length === 30) first.push(...second)
    expect(first.map(nameOf)).toEqual(expected.slice(0, 60).map(nameOf))
  })

  it.each<[string, AuditFilter, RegExp]>([
    ['everything', {}, /USING COVERING INDEX audit_by_time/],
    ['a run', { subjects: [{ kind: 'run', value: 'l1' }] }, /audit_subjects_1 \(kind=\? AND value=\?/],
    ['a small experiment', { subjects: [{ kind: 'experiment', value: 'small' }] }, /audit_places_1 \(exp/],
    ['a large experiment', { subjects: [{ kind: 'experiment', value: 'large' }] }, /audit_by_time/],
    ['a user', { actor: 'ada' }, /USING COVERING INDEX audit_by_actor \(actor=\?/],
    ['refusals', { isDenied: true }, /USING COVERING INDEX audit_denied/],
    ['an action', { action: 'nothing' }, /USING COVERING INDEX audit_by_time/],
    [
      'some time',
      { since: '2026-06-01T00:01', until: '2026-06-01T00:09' },
      /audit_by_time \(\(time,writer,seq\)>/,
    ],
  ])('for %s goes by an index', async (_what, filter, index) => {
    const plan = await queryPlans(file, () => findRecords(store.db, filter, { limit: 50 }))
    expect(plan).toContainEqual(expect.stringMatching(index))
    // A scan of an index in its order, as far as needed; `offer` are the few candidates found already.
    const scans = plan.filter((line) => line.startsWith('SCAN') && line !== 'SCAN offer')
    expect(scans.filter((line) => !/USING COVERING INDEX audit_(?:by_time|denied)$/.test(line))).toEqual([])
    // A search by kind alone, which half of all subjects share.
    expect(plan.filter((line) => line.endsWith('(kind=?)'))).toEqual([])
  })

  it('that finds nothing lets others have their turn all the while', async () => {
    const turns = await countTurns(() => findRecords(store.db, { action: 'nothing' }, { limit: 10 }))
    expect(turns).toBeGreaterThanOrEqual(5)
  })
})

function nameOf({ writer, seq }: AuditRecord): string {
  return `${writer} ${seq}`
}
