import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import type { TemporaryFolder } from '../testing/temporary-folder.ts'
import { openStore } from '../store/open-store.ts'
import { addSession, listSessions } from './stored-sessions.ts'
import type { Store } from '../store/store.ts'
import { addToken, listTokens } from './stored-tokens.ts'
import { findUser, listUsers, removeUser, replacePassword, setUser } from './stored-users.ts'

const january = new Date('2026-01-01T00:00:00Z')
const february = new Date('2026-02-01T00:00:00Z')
const token = { id: 't', owner: 'ada', name: 'laptop', sha256: 'x', createdAt: january.toISOString() }
const session = {
  id: 's',
  sha256: 'y',
  owner: 'ada',
  address: '192.0.2.1',
  userAgent: 'Firefox',
  createdAt: '2026-01-01',
  lastSeenAt: '2026-01-01',
  expiresAt: '2026-01-08',
}

async function withAda(): Promise<Store & { folder: TemporaryFolder }> {
  const folder = await temporaryFolder()
  const store = await openStore(join(folder.path, 'auth.sqlite'))
  await setUser(store.db, 'ada', { role: 'admin', passwordHash: 'first' }, january)
  await addToken(store.db, token)
  await addSession(store.db, session)
  return {
    ...store,
    folder,
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

describe('users', () => {
  it('are created, and keep what a change does not name', async () => {
    await using store = await withAda()
    const created = {
      name: 'ada',
      role: 'admin',
      kind: 'person',
      isDisabled: false,
      passwordHash: 'first',
      createdAt: january.toISOString(),
      updatedAt: january.toISOString(),
    }
    expect(await findUser(store.db, 'ada')).toEqual(created)
    await setUser(store.db, 'ada', { role: 'viewer' }, february)
    const changed = { ...created, role: 'viewer', updatedAt: february.toISOString() }
    expect(await findUser(store.db, 'ada')).toEqual(changed)
  })

  it('are members and persons unless it is said otherwise', async () => {
    await using store = await withAda()
    await setUser(store.db, 'bob', {})
    await setUser(store.db, 'ci', { kind: 'service', role: 'viewer' })
    const kinds = (await listUsers(store.db)).map(({ name, role, kind }) => [name, role, kind])
    expect(kinds).toEqual([
      ['ada', 'admin', 'person'],
      ['bob', 'member', 'person'],
      ['ci', 'viewer', 'service'],
    ])
  })

  it('can share a password until a day, and have it for themselves again', async () => {
    await using store = await withAda()
    await setUser(store.db, 'ada', { legacyUntil: '2026-03-01' })
    expect(await findUser(store.db, 'ada')).toMatchObject({ legacyUntil: '2026-03-01' })
    await setUser(store.db, 'ada', { legacyUntil: null })
    expect(await findUser(store.db, 'ada')).not.toHaveProperty('legacyUntil')
  })

  it.each([
    ['get a new password', { passwordHash: 'second' }, []],
    ['are disabled', { isDisabled: true }, []],
    ['get another role', { role: 'viewer' as const }, ['s']],
    ['are enabled again', { isDisabled: false }, ['s']],
  ])('that %s keep the right sessions', async (_case, changes, left) => {
    await using store = await withAda()
    await setUser(store.db, 'ada', changes)
    expect((await listSessions(store.db)).map(({ id }) => id)).toEqual(left)
    expect(await listTokens(store.db)).toHaveLength(1)
  })

  it('get the new password that they chose only in the place of the one that they showed', async () => {
    await using store = await withAda()
    const change = { before: 'first', after: 'second' }
    expect(await replacePassword(store.db, 'ada', { ...change, before: 'another' })).toBe(false)
    expect(await listSessions(store.db)).toHaveLength(1)
    expect(await replacePassword(store.db, 'ada', change, february)).toBe(true)
    const changed = { passwordHash: 'second', updatedAt: february.toISOString() }
    expect(await findUser(store.db, 'ada')).toMatchObject(changed)
    expect(await listSessions(store.db)).toEqual([])
    expect(await replacePassword(store.db, 'ada', change)).toBe(false)
  })

  it('are removed with all that opens the door for them', async () => {
    await using store = await withAda()
    expect(await removeUser(store.db, 'ada')).toBe(true)
    expect(await removeUser(store.db, 'ada')).toBe(false)
    expect([await listTokens(store.db), await listSessions(store.db)]).toEqual([[], []])
    expect(await findUser(store.db, 'ada')).toBeUndefined()
  })
})
