import { startPostgres, waitUntil } from '@soen/testbed'
import type { RunningPostgres } from '@soen/testbed'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CompiledQuery } from 'kysely'
import { openStore } from '../store/open-store.ts'
import { addToken, revokeToken } from './stored-tokens.ts'
import { listUsers, setUser } from './stored-users.ts'
import type { Store } from '../store/store.ts'
import { liftLocks, listLocks, setLock } from './stored-locks.ts'
import { noteUnlocks } from './stored-unlocks.ts'
import { openIdentity } from './open-identity.ts'
import type { Identity } from './open-identity.ts'
import { hashPassword } from './password-hash.ts'
import { orderToken } from './token-order.ts'

const patience = { timeoutMs: 20_000, everyMs: 10 }
let postgres: RunningPostgres
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres[Symbol.asyncDispose]())

interface Proxy extends AsyncDisposable {
  readonly store: Store
  readonly identity: Identity
  readonly failures: unknown[]
  /** `in`, or the code of the refusal. */
  readonly knock: (authorization: string, address?: string) => Promise<string>
}

async function openProxy(url: string): Promise<Proxy> {
  const store = await openStore(url)
  const failures: unknown[] = []
  const identity = await openIdentity(store, { onError: (error) => failures.push(error), flushMs: 20 })
  return {
    store,
    identity,
    failures,
    knock: async (authorization, address = '192.0.2.1') =>
      identity.authenticator
        .authenticate({
          authorization,
          address,
        })
        .then(
          () => 'in',
          (error: { code: string }) => error.code,
        ),
    async [Symbol.asyncDispose]() {
      await identity[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
    },
  }
}

const basic = (password: string): string => `Basic ${Buffer.from(`ada:${password}`).toString('base64')}`

async function addAda(store: Store): Promise<{ header: string; id: string }> {
  const ada = { name: 'ada', role: 'admin', kind: 'person', isDisabled: false } as const
  const { text, stored } = orderToken(ada, { name: 'laptop' }, new Date())
  const passwordHash = await hashPassword('correct horse')
  await store.change(async (db) => {
    await setUser(db, 'ada', { role: 'admin', passwordHash })
    await addToken(db, stored)
  })
  return { header: `Bearer ${text}`, id: stored.id }
}

describe('two proxies on one PostgreSQL', () => {
  it('refuse at once what was revoked at the other', async () => {
    const url = await postgres.createDatabase('revoked')
    await using one = await openProxy(url)
    await using other = await openProxy(url)
    const { header, id } = await addAda(one.store)
    await waitUntil(async () => (await other.knock(header)) === 'in', { ...patience, what: 'the new token' })

    await other.store.change((db) => revokeToken(db, id))
    expect(await other.knock(header)).toBe('SOEN_TOKEN_WRONG')
    await waitUntil(async () => (await one.knock(header)) === 'SOEN_TOKEN_WRONG', {
      ...patience,
      what: 'the revocation',
    })
    expect([one.failures, other.failures]).toEqual([[], []])
  })

  it('share who is locked out, and that it was lifted', async () => {
    const url = await postgres.createDatabase('locked')
    await using one = await openProxy(url)
    await using other = await openProxy(url)
    await addAda(one.store)
    for (let guess = 0; guess < 10; guess += 1)
      expect(await one.knock(basic(`guess ${guess}`))).toBe('SOEN_LOGIN_WRONG')
    const isLocked = async (): Promise<boolean> =>
      (await other.knock(basic('correct horse'))) === 'SOEN_LOGIN_LOCKED'
    await waitUntil(isLocked, { ...patience, what: 'the lock' })

    await other.store.change(async (db) =>
      liftLocks(
        db,
        (await listLocks(db)).map(({ key }) => key),
      ),
    )
    await waitUntil(async () => (await one.knock(basic('correct horse'))) === 'in', {
      timeoutMs: 20_000,
      what: 'the unlocking',
    })
  })

  it('share that an admin forgave what was counted', async () => {
    const url = await postgres.createDatabase('forgiven')
    await using one = await openProxy(url)
    await using other = await openProxy(url)
    await addAda(one.store)
    const guess = async (from: number): Promise<void> => {
      for (let turn = from; turn < from + 9; turn += 1)
        expect(await one.knock(basic(`guess ${turn}`))).toBe('SOEN_LOGIN_WRONG')
    }
    await guess(0)
    const before = one.store.version()
    await other.store.change((db) => noteUnlocks(db, ['user ada']))
    await waitUntil(async () => one.store.version() !== before, { ...patience, what: 'the unlocking' })
    await guess(9)
    expect(await one.knock(basic('correct horse'))).toBe('in')
  })

  it('share from where a user comes, so that a lock on all networks spares that one', async () => {
    const url = await postgres.createDatabase('trusted')
    await using one = await openProxy(url)
    await using other = await openProxy(url)
    await addAda(one.store)
    expect(await one.knock(basic('correct horse'))).toBe('in')
    await waitUntil(
      async () => {
        await other.identity.directory.refresh()
        return other.identity.directory.trustedNetworks.length > 0
      },
      { ...patience, what: 'the network' },
    )
    const until = new Date(Date.now() + 60_000).toISOString()
    await other.store.change((db) => setLock(db, { key: 'user ada', strikes: 1, until }, ''))
    expect(await other.knock(basic('correct horse'), '198.51.100.1')).toBe('SOEN_LOGIN_LOCKED')
    expect(await other.knock(basic('correct horse'))).toBe('in')
    await using restarted = await openProxy(url)
    expect(await restarted.knock(basic('correct horse'))).toBe('in')
  })

  it('make their schema side by side, away from the tables of MLflow', async () => {
    const url = await postgres.createDatabase('shared')
    const stores = await Promise.all([openStore(url), openStore(url), openStore(url)])
    for (const store of stores) {
      expect(await listUsers(store.db)).toEqual([])
      await store[Symbol.asyncDispose]()
    }
  })

  it('let known people in while the database starts again, and hear again what changes', async () => {
    await using own = await startPostgres()
    const url = await own.createDatabase('restart')
    await using one = await openProxy(url)
    const { header, id } = await addAda(one.store)
    expect(await one.knock(header)).toBe('in')
    await using other = await openProxy(url)
    // All our connections are cut, as by a restart of the database.
    const cut = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()`
    await other.store.db.executeQuery(CompiledQuery.raw(cut))
    expect(await one.knock(header)).toBe('in')
    await waitUntil(async () => await other.store.change((db) => revokeToken(db, id)).catch(() => false), {
      timeoutMs: 20_000,
      what: 'the database',
    })
    await waitUntil(async () => (await one.knock(header)) === 'SOEN_TOKEN_WRONG', {
      timeoutMs: 20_000,
      what: 'hearing again',
    })
    expect(one.failures.length).toBeGreaterThan(0)
  })

  it('name a database that is not there', async () => {
    const url = `postgresql://nobody@/none?host=${encodeURIComponent('/nowhere')}&port=1`
    await expect(openStore(url)).rejects.toMatchObject({ code: 'SOEN_STATE_UNUSABLE' })
  })
})
