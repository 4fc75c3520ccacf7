import { startPostgres, waitUntil } from '@soen/testbed'
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { setUser } from '../identity/stored-users.ts'
import { openStore } from './open-store.ts'

it('hears from another front door which tables changed, and of an older one that it may be any', async () => {
  await using postgres = await startPostgres()
  const url = await postgres.createDatabase('changes')
  await using here = await openStore(url)
  await using there = await openStore(url)
  const versions = (): readonly number[] => [here.version('users'), here.version('tokens')]
  const hear = async (work: () => Promise<unknown>): Promise<readonly number[]> => {
    const [before, known] = [here.version(), versions()]
    await work()
    await waitUntil(() => here.version() > before, { what: 'the change' })
    return versions().map((version, index) => version - (known[index] ?? 0))
  }
  expect(await hear(() => there.change((db) => setUser(db, 'ada', { role: 'viewer' })))).toEqual([1, 0])
  expect(await hear(() => sql`NOTIFY soen_auth_changed`.execute(there.db))).toEqual([1, 1])
})
