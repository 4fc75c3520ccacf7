import { join } from 'node:path'
import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { openStore } from './open-store.ts'
import type { Schema } from './schema.ts'

const names = ['users', 'tokens', 'sessions', 'locks'] as const
const lock = { key: 'user ada', strikes: 1, until: '2026-01-01' }

it.each<[string, readonly string[], (db: Kysely<Schema>) => Promise<unknown>]>([
  ['a read', [], (db) => db.selectFrom('users').selectAll().execute()],
  ['a new row', ['locks'], (db) => db.insertInto('locks').values(lock).execute()],
  ['a change', ['tokens'], (db) => db.updateTable('tokens').set({ name: 'laptop' }).execute()],
  ['a removal', ['sessions'], (db) => db.deleteFrom('sessions').execute()],
  ['a removal by another name', ['users'], (db) => db.deleteFrom('users as account').execute()],
  ['plain SQL, which may write any', names, (db) => sql`SELECT 1`.execute(db)],
  [
    'a statement with another inside it, which may write any',
    names,
    (db) =>
      db
        .with('gone', () => db.deleteFrom('users').returningAll())
        .selectFrom('locks')
        .selectAll()
        .execute()
        .catch(() => []),
  ],
])('the versions that grow after %s are %j', async (_, grown, work) => {
  await using folder = await temporaryFolder()
  await using store = await openStore(join(folder.path, 'auth.sqlite'))
  const before = names.map((name) => store.version(name))
  const total = store.version()
  await store.change(work)
  expect(names.filter((name, index) => store.version(name) !== before[index])).toEqual(grown)
  expect(store.version()).toBeGreaterThan(total)
})
