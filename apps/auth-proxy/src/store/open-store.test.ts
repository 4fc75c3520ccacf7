import { stat, writeFile, chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Kysely } from 'kysely'
import { Migrator } from 'kysely/migration'
import { describe, expect, it, vi } from 'vitest'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { migrations } from './migrations.ts'
import { nodeSqliteDialect } from './node-sqlite-dialect.ts'
import { openStore } from './open-store.ts'
import type { Schema } from './schema.ts'
import { listUsers, setUser } from '../identity/stored-users.ts'

const mode = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8)
const ada = { role: 'admin', passwordHash: 'hash' } as const

describe('openStore', () => {
  it('makes folder and files for this user alone', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'state', 'auth.sqlite')
    await using store = await openStore(file)
    await store.change((db) => setUser(db, 'ada', ada))
    expect(
      await Promise.all([join(folder.path, 'state'), file, `${file}-wal`, `${file}-shm`].map(mode)),
    ).toEqual(['700', '600', '600', '600'])
  })

  it('takes a file back from other eyes', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'auth.sqlite')
    await writeFile(file, '')
    await chmod(file, 0o644)
    await using store = await openStore(file)
    expect(store.version()).toBe(store.version())
    expect(await mode(file)).toBe('600')
  })

  it('keeps what is there when it is opened again', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'auth.sqlite')
    {
      await using first = await openStore(file)
      await first.change((db) => setUser(db, 'ada', ada))
    }
    await using second = await openStore(file)
    expect(await listUsers(second.db)).toMatchObject([{ name: 'ada' }])
  })

  it('notices what another connection wrote', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'auth.sqlite')
    await using reader = await openStore(file)
    const before = reader.version()
    expect(reader.version()).toBe(before)
    await using writer = await openStore(file)
    await writer.change((db) => setUser(db, 'ada', ada))
    await vi.waitFor(() => expect(reader.version()).not.toBe(before))
  })

  it('names a damaged file, and leaves it as it is', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'auth.sqlite')
    await writeFile(file, 'this is not a database, it only pretends to be one')
    await expect(openStore(file)).rejects.toMatchObject({
      code: 'SOEN_STATE_UNUSABLE',
      message: expect.stringContaining(file),
    })
    expect((await stat(file)).size).toBe(50)
  })

  it('notices what it wrote itself, and nothing when the writing failed', async () => {
    await using folder = await temporaryFolder()
    await using store = await openStore(join(folder.path, 'auth.sqlite'))
    const before = store.version()
    const failing = store.change(async (db) => {
      await setUser(db, 'eve', ada)
      throw new Error('changed my mind')
    })
    const cause = expect.objectContaining({ message: 'changed my mind' })
    await expect(failing).rejects.toMatchObject({ code: 'SOEN_STATE_FAILED', cause })
    expect([store.version(), await listUsers(store.db)]).toEqual([before, []])
    await store.change((db) => setUser(db, 'ada', ada))
    expect(store.version()).not.toBe(before)
  })

  it('brings users of an older version along', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'auth.sqlite')
    const database = new DatabaseSync(file)
    const db = new Kysely<Schema>({ dialect: nodeSqliteDialect(database) })
    const { '0001_users': first } = migrations
    if (first === undefined) throw new Error('There is no first migration.')
    const provider = { getMigrations: async () => ({ '0001_users': first }) }
    expect((await new Migrator({ db, provider }).migrateToLatest()).error).toBeUndefined()
    database.exec(`INSERT INTO users VALUES ('ada', 'admin', 'hash', 'then', 'later')`)
    await db.destroy()
    await using store = await openStore(file)
    expect(await listUsers(store.db)).toEqual([
      {
        name: 'ada',
        role: 'admin',
        kind: 'person',
        isDisabled: false,
        passwordHash: 'hash',
        createdAt: 'then',
        updatedAt: 'later',
      },
    ])
  })

  it.each([
    'postgresql://soen:secret@localhost/soen',
    'postgres://:secret@/soen?host=/run',
    'postgresql://soen@/soen?host=/run&password=secret',
  ])('refuses %s, because every process list would show its password', async (url) => {
    const failure = await openStore(url).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'SOEN_STATE_URL_HAS_PASSWORD' })
    expect(String(failure)).not.toContain('secret')
  })
})
