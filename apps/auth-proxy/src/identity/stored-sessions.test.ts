import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { openStore } from '../store/open-store.ts'
import { addSession, listSessions, noteSessionUse } from './stored-sessions.ts'
import { setUser } from './stored-users.ts'

test('an account keeps the fifty sessions that it used last, and the others keep theirs', async () => {
  await using folder = await temporaryFolder()
  await using store = await openStore(join(folder.path, 'auth.sqlite'))
  const start = Date.parse('2026-01-01T00:00:00Z')
  const at = (minute: number): string => new Date(start + minute * 60_000).toISOString()
  const signIn = async (owner: string, minute: number): Promise<void> => {
    const id = `${owner}${minute}`
    const [time, about] = [at(minute), { address: '192.0.2.1', userAgent: 'curl' }]
    const times = { createdAt: time, lastSeenAt: time, expiresAt: at(10_000) }
    await addSession(store.db, { id, sha256: id, owner, ...about, ...times })
  }
  for (const owner of ['ada', 'bob']) await setUser(store.db, owner, { passwordHash: 'none' })
  await signIn('bob', 0)
  for (let minute = 0; minute < 50; minute += 1) await signIn('ada', minute)
  await noteSessionUse(store.db, new Map([['ada0', at(100)]]))
  for (const minute of [50, 51]) await signIn('ada', minute)

  const kept = (await listSessions(store.db, 'ada')).map(({ id }) => id)
  expect(kept).toHaveLength(50)
  expect(['ada0', 'ada1', 'ada2', 'ada3', 'ada51'].filter((id) => kept.includes(id))).toEqual([
    'ada0',
    'ada3',
    'ada51',
  ])
  expect(await listSessions(store.db, 'bob')).toHaveLength(1)
})
