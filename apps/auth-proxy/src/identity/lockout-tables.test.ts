import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import type { TemporaryFolder } from '../testing/temporary-folder.ts'
import { listLocks, setLock } from './stored-locks.ts'
import { openStore } from '../store/open-store.ts'
import type { Store } from '../store/store.ts'
import { listTrustedNetworks, noteTrustedNetworks } from './stored-networks.ts'
import { listUnlocks, noteUnlocks } from './stored-unlocks.ts'

let folder: TemporaryFolder
let store: Store
beforeEach(async () => {
  folder = await temporaryFolder()
  store = await openStore(join(folder.path, 'auth.sqlite'))
})
afterEach(async () => {
  await store[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

const start = Date.parse('2026-01-01T00:00:00Z')
const at = (minute: number): string => new Date(start + minute * 60_000).toISOString()

test('of too many locks those that end first are forgotten', async () => {
  for (const minute of [2, 1, 4, 3]) {
    await setLock(store.db, { key: `user ${minute}`, strikes: 1, until: at(minute) }, at(0), 3)
  }
  expect((await listLocks(store.db)).map(({ key }) => key).toSorted()).toEqual(['user 2', 'user 3', 'user 4'])
})

test('an unlocking is kept for a day, the last one of each', async () => {
  await noteUnlocks(store.db, ['user ada', 'network x'], new Date(start))
  await noteUnlocks(store.db, ['user ada'], new Date(at(24 * 60)))
  await noteUnlocks(store.db, ['user bob'], new Date(at(24 * 60 + 1)))
  expect(await listUnlocks(store.db)).toEqual([
    { key: 'user ada', unlockedAt: at(24 * 60) },
    { key: 'user bob', unlockedAt: at(24 * 60 + 1) },
  ])
})

test('an account keeps the fifty networks from which it came last, and none that is too old', async () => {
  const seen = (owner: string, minute: number): { owner: string; network: string; seenAt: string } => ({
    owner,
    network: `${minute}`,
    seenAt: at(minute),
  })
  const early = Array.from({ length: 50 }, (_, minute) => seen('ada', minute))
  await noteTrustedNetworks(store.db, [...early, seen('bob', 1)], at(0))
  await noteTrustedNetworks(store.db, [{ ...seen('ada', 0), seenAt: at(60) }, seen('ada', 61)], at(1))
  const kept = await listTrustedNetworks(store.db)
  expect(kept.filter(({ owner }) => owner === 'bob')).toEqual([seen('bob', 1)])
  const ofAda = kept.filter(({ owner }) => owner === 'ada').map(({ network }) => network)
  expect(ofAda).toHaveLength(50)
  expect(['0', '1', '2', '61'].filter((network) => ofAda.includes(network))).toEqual(['0', '2', '61'])
  await noteTrustedNetworks(store.db, [], at(61))
  expect(await listTrustedNetworks(store.db)).toEqual([seen('ada', 61)])
})
