import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { Kysely } from 'kysely'
import { Migrator } from 'kysely/migration'
import { auditFilters } from '../testing/audit-filters.ts'
import { keepMany, thatFit } from '../testing/many-records.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { verifyAudit } from '../audit/verify.ts'
import { findRecords } from '../audit/search.ts'
import { migrations } from './migrations.ts'
import { nodeSqliteDialect } from './node-sqlite-dialect.ts'
import { openStore } from './open-store.ts'

it('finds the records of an older version as well as new ones, and they are whole', async () => {
  await using folder = await temporaryFolder()
  const file = join(folder.path, 'auth.sqlite')
  const { '0006_audit_search': last, ...older } = migrations
  expect(last).toBeDefined()
  {
    const database = new DatabaseSync(file)
    const db = new Kysely<unknown>({ dialect: nodeSqliteDialect(database) })
    const provider = { getMigrations: async () => older }
    expect((await new Migrator({ db, provider }).migrateToLatest()).error).toBeUndefined()
    await using other = await openStore(join(folder.path, 'other.sqlite'))
    await keepMany(other.db, 600)
    database.exec(`ATTACH '${join(folder.path, 'other.sqlite')}' AS other;
      INSERT INTO audit SELECT * FROM other.audit;
      INSERT INTO audit_heads SELECT * FROM other.audit_heads;
      INSERT INTO audit_subjects (kind, value, writer, seq) SELECT kind, value, writer, seq FROM other.audit_subjects`)
    await db.destroy()
  }
  await using store = await openStore(file)
  expect((await verifyAudit(store.db, {})).flaws).toEqual([])
  const all = await findRecords(store.db, {}, { limit: 1000 })
  expect(all).toHaveLength(600)
  for (const [, filter] of auditFilters) {
    expect(await findRecords(store.db, filter, { limit: 1000 })).toEqual(thatFit(all, filter))
  }
})
