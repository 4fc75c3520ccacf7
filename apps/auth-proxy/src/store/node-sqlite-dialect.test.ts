import { DatabaseSync } from 'node:sqlite'
import { Kysely, sql } from 'kysely'
import { expect, it } from 'vitest'
import { nodeSqliteDialect } from './node-sqlite-dialect.ts'

interface Things {
  things: { name: string; data: Uint8Array | null }
}

function open(): Kysely<Things> {
  const database = new DatabaseSync(':memory:')
  database.exec('CREATE TABLE things (name TEXT, data BLOB)')
  return new Kysely<Things>({ dialect: nodeSqliteDialect(database) })
}

it('writes and reads text, bytes and null', async () => {
  await using db = open()
  const rows = [
    { name: 'ü', data: Uint8Array.of(0, 255) },
    { name: 'none', data: null },
  ]
  await db.insertInto('things').values(rows).execute()
  expect(await db.selectFrom('things').selectAll().execute()).toEqual(rows)
})

it('reads the rows of a statement that writes and returns', async () => {
  await using db = open()
  const row = await db
    .insertInto('things')
    .values({ name: 'a', data: null })
    .returning('name')
    .executeTakeFirst()
  expect(row).toEqual({ name: 'a' })
})

it('counts changed rows and streams many', async () => {
  await using db = open()
  for (const name of ['a', 'b', 'c']) await db.insertInto('things').values({ name, data: null }).execute()
  const names: string[] = []
  for await (const { name } of db.selectFrom('things').select('name').orderBy('name').stream())
    names.push(name)
  expect(names).toEqual(['a', 'b', 'c'])
  expect((await db.deleteFrom('things').executeTakeFirst()).numDeletedRows).toBe(3n)
})

it('rolls a failed transaction back', async () => {
  await using db = open()
  const failing = db.transaction().execute(async (transaction) => {
    await transaction.insertInto('things').values({ name: 'a', data: null }).execute()
    throw new Error('changed my mind')
  })
  await expect(failing).rejects.toThrow('changed my mind')
  expect(await db.selectFrom('things').selectAll().execute()).toEqual([])
})

it('refuses a value that SQLite cannot store', async () => {
  await using db = open()
  await expect(sql`SELECT ${new Date()}`.execute(db)).rejects.toThrow('SQLite stores no object')
})
