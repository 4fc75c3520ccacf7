import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { openStore } from '../store/open-store.ts'
import { noteUnlocks } from './stored-unlocks.ts'
import { removeUser, setUser } from './stored-users.ts'
import { countStatements } from '../testing/count-statements.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { Directory } from './directory.ts'

const ada = { role: 'admin', passwordHash: 'first' } as const
const rethrow = (error: unknown): never => {
  throw error
}

/** Waits until another process's change is seen. */
async function refreshed(directory: Directory, holds: () => void): Promise<void> {
  await vi.waitFor(async () => {
    await directory.refresh()
    holds()
  })
}

describe('Directory', () => {
  it('knows the users that are there when it opens', async () => {
    await using folder = await temporaryFolder()
    await using store = await openStore(join(folder.path, 'auth.sqlite'))
    expect((await Directory.open(store, { onError: rethrow })).isEmpty).toBe(true)
    await store.change((db) => setUser(db, 'ada', ada))
    const directory = await Directory.open(store, { onError: rethrow })
    expect(directory.isEmpty).toBe(false)
    expect(directory.find('ada')).toMatchObject(ada)
    expect(directory.find('eve')).toBeUndefined()
  })

  it('notices users that another process adds, changes and removes', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'auth.sqlite')
    await using store = await openStore(file)
    await using elsewhere = await openStore(file)
    const directory = await Directory.open(store, { onError: rethrow })
    await elsewhere.change((db) => setUser(db, 'ada', ada))
    await refreshed(directory, () => expect(directory.find('ada')?.passwordHash).toBe('first'))
    await elsewhere.change((db) => setUser(db, 'ada', { ...ada, passwordHash: 'second' }))
    await refreshed(directory, () => expect(directory.find('ada')?.passwordHash).toBe('second'))
    await elsewhere.change((db) => removeUser(db, 'ada'))
    await refreshed(directory, () => expect(directory.isEmpty).toBe(true))
  })

  it('keeps the last known users, and says so, while the store cannot be read', async () => {
    await using folder = await temporaryFolder()
    const store = await openStore(join(folder.path, 'auth.sqlite'))
    await store.change((db) => setUser(db, 'ada', ada))
    const failures: unknown[] = []
    const directory = await Directory.open(store, { onError: (error) => failures.push(error) })
    await store[Symbol.asyncDispose]()
    await directory.refresh()
    expect(failures).toEqual([expect.any(Error)])
    expect(directory.find('ada')).toMatchObject(ada)
  })

  it('lets nobody in on old knowledge when the store stays away', async () => {
    await using folder = await temporaryFolder()
    const store = await openStore(join(folder.path, 'auth.sqlite'))
    let now = 0
    const directory = await Directory.open(store, { onError: () => {}, graceMs: 1000, now: () => now })
    await store[Symbol.asyncDispose]()
    now = 1000
    await directory.refresh()
    now = 1001
    await expect(directory.refresh()).rejects.toMatchObject({ code: 'SOEN_STATE_AWAY', status: 503 })
  })

  it('sees what this process itself wrote at once, and what came while it was reading', async () => {
    await using folder = await temporaryFolder()
    await using store = await openStore(join(folder.path, 'auth.sqlite'))
    const directory = await Directory.open(store, { onError: rethrow })
    const names = Array.from({ length: 8 }, (_, index) => `user${index}`)
    await Promise.all(
      names.map(async (name) => {
        await store.change((db) => setUser(db, name, ada))
        await directory.refresh()
        expect(directory.find(name)).toMatchObject({ name })
      }),
    )
  })

  it('asks the database for nothing while nothing changes', async () => {
    await using folder = await temporaryFolder()
    await using store = await openStore(join(folder.path, 'auth.sqlite'))
    let asked = 0
    const counted = {
      ...store,
      get db() {
        asked += 1
        return store.db
      },
    }
    const directory = await Directory.open(counted, { onError: rethrow })
    expect(asked).toBe(1)
    for (let request = 0; request < 100; request += 1) await directory.refresh()
    expect(asked).toBe(1)
  })

  it('reads anew only the tables that changed here', async () => {
    await using folder = await temporaryFolder()
    await using store = await openStore(join(folder.path, 'auth.sqlite'))
    const directory = await Directory.open(store, { onError: rethrow })
    const refresh = async (): Promise<void> => await directory.refresh()
    await store.change((db) => noteUnlocks(db, ['user ada']))
    expect(await countStatements(refresh)).toBe(1)
    // A new password also ends the sessions.
    await store.change((db) => setUser(db, 'ada', ada))
    expect(await countStatements(refresh)).toBe(2)
    expect(directory.find('ada')).toMatchObject(ada)
    expect(directory.unlocks).toMatchObject([{ key: 'user ada' }])
    expect(await countStatements(refresh)).toBe(0)
  })
})
