import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { setLock } from './stored-locks.ts'
import { openStore } from '../store/open-store.ts'
import { addSession, listSessions } from './stored-sessions.ts'
import type { Store } from '../store/store.ts'
import { addToken, listTokens } from './stored-tokens.ts'
import { listTrustedNetworks } from './stored-networks.ts'
import { removeUser, setUser } from './stored-users.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { openIdentity } from './open-identity.ts'
import type { Identity } from './open-identity.ts'
import { hashPassword } from './password-hash.ts'
import type { Attempt } from './principal.ts'
import { mintSession } from './session.ts'
import { orderToken } from './token-order.ts'

const onError = (error: unknown): never => {
  throw error
}
const address = '192.0.2.1'

interface Prepared extends AsyncDisposable {
  readonly file: string
  readonly store: Store
  /** One attempt for each way to authenticate. */
  readonly ways: readonly Attempt[]
  /** How often the database was used. */
  readonly asked: () => number
}

async function prepare(): Promise<Prepared> {
  const folder = await temporaryFolder()
  const file = join(folder.path, 'auth.sqlite')
  const store = await openStore(file)
  const ada = { name: 'ada', role: 'member', kind: 'person', isDisabled: false } as const
  const token = orderToken(ada, { name: 'laptop' }, new Date())
  const session = mintSession({ owner: 'ada', address, userAgent: 'Firefox' }, new Date())
  await setUser(store.db, 'ada', { passwordHash: await hashPassword('secret words') })
  await addToken(store.db, token.stored)
  await addSession(store.db, session.stored)
  let asked = 0
  const counted = {
    ...store,
    get db() {
      asked += 1
      return store.db
    },
    change: <Result>(work: Parameters<typeof store.change<Result>>[0]) => {
      asked += 1
      return store.change(work)
    },
  }
  return {
    file,
    store: counted,
    asked: () => asked,
    ways: [
      {
        address,
        authorization: `Basic ${Buffer.from('ada:secret words').toString('base64')}`,
      },
      {
        address,
        authorization: `Bearer ${token.text}`,
      },
      {
        address,
        authorization: undefined,
        cookie: `soen=${session.secret}; mlflow_user=ada`,
      },
    ],
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

async function knock(identity: Identity, ways: readonly Attempt[]): Promise<readonly string[]> {
  const principals = []
  for (const way of ways) principals.push(await identity.authenticator.authenticate(way))
  return principals.map(({ credential }) => credential.kind)
}

describe('openIdentity', () => {
  it('asks the database for nothing per request, by password, token or session', async () => {
    await using prepared = await prepare()
    await using identity = await openIdentity(prepared.store, { onError })
    expect(await knock(identity, prepared.ways)).toEqual(['password', 'token', 'session'])
    const before = prepared.asked()
    for (let request = 0; request < 100; request += 1) await knock(identity, prepared.ways)
    expect(prepared.asked()).toBe(before)
  })

  it('writes down later when things were used, and tells other front doors', async () => {
    await using prepared = await prepare()
    await using elsewhere = await openStore(prepared.file)
    {
      await using identity = await openIdentity(prepared.store, { onError, flushMs: 10 })
      await knock(identity, prepared.ways)
      const before = elsewhere.version()
      await vi.waitFor(() => expect(elsewhere.version()).not.toBe(before), { timeout: 60_000 })
    }
    const [token] = await listTokens(elsewhere.db)
    const [session] = await listSessions(elsewhere.db)
    expect(token?.lastUsedAt).toEqual(expect.stringMatching(/^20/))
    expect(session?.lastSeenAt).not.toBe(session?.createdAt)
  })

  it('spares a colleague a lock on all networks where they came in before a restart', async () => {
    await using prepared = await prepare()
    const [byPassword] = prepared.ways
    if (byPassword === undefined) throw new Error('There is no way in.')
    {
      await using identity = await openIdentity(prepared.store, { onError })
      await knock(identity, prepared.ways)
    }
    const until = new Date(Date.now() + 60_000).toISOString()
    await prepared.store.change((db) => setLock(db, { key: 'user ada', strikes: 1, until }, ''))
    await using identity = await openIdentity(prepared.store, { onError })
    const stranger = identity.authenticator.authenticate({ ...byPassword, address: '198.51.100.1' })
    await expect(stranger).rejects.toMatchObject({ code: 'SOEN_LOGIN_LOCKED' })
    expect(await knock(identity, [byPassword])).toEqual(['password'])
  })

  it('trusts where the password was typed, not where a token or a session is used', async () => {
    await using prepared = await prepare()
    const [byPassword, ...others] = prepared.ways
    if (byPassword === undefined) throw new Error('There is no way in.')
    const networksAfter = async (ways: readonly Attempt[]): Promise<readonly string[]> => {
      {
        await using identity = await openIdentity(prepared.store, { onError })
        await knock(identity, ways)
      }
      return (await listTrustedNetworks(prepared.store.db)).map(({ owner, network }) => `${owner} ${network}`)
    }
    expect(await networksAfter(others)).toEqual([])
    expect(await networksAfter([byPassword])).toEqual(['ada 192.0.2.0/24'])
    await prepared.store.change((db) => removeUser(db, 'ada'))
    expect(await listTrustedNetworks(prepared.store.db)).toEqual([])
  })

  it('writes down what is left when it closes', async () => {
    await using prepared = await prepare()
    {
      await using identity = await openIdentity(prepared.store, { onError })
      await knock(identity, prepared.ways)
      expect(await listTokens(prepared.store.db)).not.toMatchObject([{ lastUsedAt: expect.any(String) }])
    }
    expect(await listTokens(prepared.store.db)).toMatchObject([{ lastUsedAt: expect.any(String) }])
  })
})
