import { figure, startPostgres, waitUntil } from '@soen/testbed'
import type { Figure } from '@soen/testbed'
import { openIdentity } from '../../identity/open-identity.ts'
import { orderToken } from '../../identity/token-order.ts'
import { openStore } from '../../store/open-store.ts'
import { addToken, revokeToken } from '../../identity/stored-tokens.ts'
import { setUser } from '../../identity/stored-users.ts'

const rounds = 50

/** How long, at worst, a token that one front door revoked is still accepted by another on the same PostgreSQL. */
export async function measureRevocation(): Promise<Figure[]> {
  await using postgres = await startPostgres()
  const url = await postgres.createDatabase('revocation')
  const failures: unknown[] = []
  await using here = await openStore(url)
  await using there = await openStore(url)
  await using other = await openIdentity(there, { onError: (error) => failures.push(error) })
  const ada = { name: 'ada', role: 'member', kind: 'person', isDisabled: false } as const
  await here.change((db) => setUser(db, 'ada', { role: 'member' }))
  let worstMs = 0
  for (let round = 0; round < rounds; round += 1) {
    const { text, stored } = orderToken(ada, { name: `laptop ${round}` }, new Date())
    await here.change((db) => addToken(db, stored))
    const opens = async (): Promise<boolean> =>
      await other.authenticator.authenticate({ authorization: `Bearer ${text}`, address: '192.0.2.1' }).then(
        () => true,
        () => false,
      )
    await waitUntil(opens, { everyMs: 1, what: 'the new token' })
    await here.change((db) => revokeToken(db, stored.id))
    const start = performance.now()
    await waitUntil(async () => !(await opens()), { everyMs: 1, what: 'the revocation' })
    worstMs = Math.max(worstMs, performance.now() - start)
  }
  if (failures.length > 0) throw new AggregateError(failures, 'A front door did not hear what changed.')
  return [
    figure({
      name: `revocation at another front door, worst of ${rounds}`,
      unit: 'ms',
      value: worstMs,
      peer: {
        name: 'limit',
        value: 1e3,
      },
      goal: {
        of: 'value',
        atMost: 1e3,
      },
    }),
  ]
}
