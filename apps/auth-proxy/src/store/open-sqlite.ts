import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Kysely } from 'kysely'
import { Migrator } from 'kysely/migration'
import { migrations } from './migrations.ts'
import { nodeSqliteDialect } from './node-sqlite-dialect.ts'
import { reach } from './reach.ts'
import type { Schema } from './schema.ts'
import type { Store } from './store.ts'

/** Opens a file, creating it and its folder for this user alone, and brings its schema up to date. */
export async function openSqlite(file: string): Promise<Store> {
  const database = openPrivately(file)
  const db = new Kysely<Schema>({ dialect: nodeSqliteDialect(database) })
  await migrate(database, db)
  const others = watchOthers(database)
  let ownChanges = 0
  return {
    db,
    version: () => `${others.changes()}.${ownChanges}`,
    read: (work) => reach(() => work(db)),
    async change(work) {
      const result = await reach(() => db.transaction().execute(work))
      ownChanges += 1
      return result
    },
    async [Symbol.asyncDispose]() {
      others.stop()
      await db.destroy()
    },
  }
}

/** SQLite's counter of what other connections wrote, looked at now and then so that no request has to. */
function watchOthers(database: DatabaseSync, everyMs = 50): { changes(): number; stop(): void } {
  const counter = database.prepare('PRAGMA data_version')
  const read = (): number => Number(counter.get()?.['data_version'])
  let seen = read()
  let failure: unknown
  const timer = setInterval(() => {
    try {
      seen = read()
      failure = undefined
    } catch (error) {
      failure = error
    }
  }, everyMs).unref()
  return {
    changes() {
      if (failure === undefined) return seen
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
  // SQLite gives its side files the mode of the main one, so that must be right before it opens it.
  closeSync(openSync(file, 'a', 0o600))
  chmodSync(file, 0o600)
  const database = new DatabaseSync(file, { timeout: 5000 })
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  return database
}

/** Two programs may open a new file at the same moment: the second waits here and finds the work done. */
async function migrate(database: DatabaseSync, db: Kysely<Schema>): Promise<void> {
  database.exec('BEGIN IMMEDIATE')
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } })
  const { error } = await migrator.migrateToLatest()
  database.exec(error === undefined ? 'COMMIT' : 'ROLLBACK')
  if (error !== undefined) throw error
}
