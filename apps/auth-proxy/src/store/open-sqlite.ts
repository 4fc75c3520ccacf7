import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Kysely } from 'kysely'
import { Migrator } from 'kysely/migration'
import { ChangeCount } from './change-count.ts'
import { migrations } from './migrations.ts'
import { nodeSqliteDialect } from './node-sqlite-dialect.ts'
import { reach } from './reach.ts'
import type { Schema } from './schema.ts'
import type { Store } from './store.ts'
import { WrittenTables } from './written-tables.ts'

/** Opens a file and migrates it; creates it and its folder, accessible to this user alone, where there is none. */
export async function openSqlite(file: string): Promise<Store> {
  const database = openPrivately(file)
  const db = new Kysely<Schema>({ dialect: nodeSqliteDialect(database) })
  await migrate(database, db)
  const changes = new ChangeCount()
  const others = watchOthers(database, changes)
  return {
    db,
    version(table) {
      others.check()
      return table === undefined ? changes.total : changes.of(table)
    },
    read: (work) => reach(() => work(db)),
    async change(work) {
      const written = new WrittenTables()
      const result = await reach(() => db.transaction().execute((within) => work(within.withPlugin(written))))
      changes.add(written.names)
      return result
    },
    async [Symbol.asyncDispose]() {
      others.stop()
      await db.destroy()
    },
  }
}

/**
 * Polls SQLite's counter of writes by other connections, so that no request has to. The counter does not tell tables
 * apart. `check` throws while it cannot be read.
 */
function watchOthers(
  database: DatabaseSync,
  changes: ChangeCount,
  everyMs = 50,
): { check(): void; stop(): void } {
  const counter = database.prepare('PRAGMA data_version')
  const read = (): number => Number(counter.get()?.['data_version'])
  let seen = read()
  let failure: unknown
  const timer = setInterval(() => {
    try {
      const now = read()
      if (now !== seen) changes.add(undefined)
      seen = now
      failure = undefined
    } catch (error) {
      failure = error
    }
  }, everyMs).unref()
  return {
    check() {
      if (failure !== undefined)
        throw new Error('Changes of the state file cannot be seen.', { cause: failure })
    },
    stop() {
      clearInterval(timer)
      failure = new Error('The state file is closed.')
    },
  }
}

function openPrivately(file: string): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  // SQLite creates its side files with the mode of the main one, which therefore must be right before SQLite opens
  // it.
  closeSync(openSync(file, 'a', 0o600))
  chmodSync(file, 0o600)
  const database = new DatabaseSync(file, { timeout: 5000 })
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  return database
}

/** When two programs open a new file at the same moment, the second waits here and finds the migration done. */
async function migrate(database: DatabaseSync, db: Kysely<Schema>): Promise<void> {
  database.exec('BEGIN IMMEDIATE')
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } })
  const { error } = await migrator.migrateToLatest()
  database.exec(error === undefined ? 'COMMIT' : 'ROLLBACK')
  if (error !== undefined) throw error
}
