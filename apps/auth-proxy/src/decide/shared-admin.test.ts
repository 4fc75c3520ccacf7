import { expect, it } from 'vitest'
import { setUser } from '../identity/stored-users.ts'
import { basic } from '../testing/auth-proxy.ts'
import { openSite } from '../testing/open-site.ts'
import { plainFetch } from '../testing/plain-fetch.ts'

const mlflow = '/api/2.0/mlflow'

it('lets a shared password of an admin do what a maintainer may, and nothing that forges or manages', async () => {
  await using site = await openSite()
  const { store, directory } = site.identity
  const passwordHash = directory.find('ada')?.passwordHash ?? ''
  const legacyUntil = '2099-01-31T00:00:00.000Z'
  await store.change((db) => setUser(db, 'admin', { role: 'admin', passwordHash, legacyUntil }))

  const ask = (method: string, path: string, body?: object): Promise<Response> =>
    plainFetch(`${site.url}${path}`, {
      method,
      headers: { authorization: basic('admin'), 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  const statusesOf = async (calls: readonly (readonly [string, object])[]): Promise<number[]> =>
    await Promise.all(calls.map(async ([path, body]) => (await ask('POST', `${mlflow}${path}`, body)).status))

  const owner = { run_id: 'a'.repeat(32), key: 'mlflow.user', value: 'bob' }
  expect(
    await statusesOf([
      ['/webhooks', { name: 'x', url: 'https://example.org', events: [] }],
      ['/experiments/create', { name: 'x', artifact_location: 'file:///etc' }],
      ['/runs/set-tag', owner],
    ]),
  ).toEqual([403, 403, 403])
  expect(
    await statusesOf([
      ['/experiments/create', { name: 'x' }],
      ['/runs/create', { experiment_id: '1' }],
      ['/runs/delete', { run_id: 'a'.repeat(32) }],
      ['/runs/restore', { run_id: 'a'.repeat(32) }],
    ]),
  ).toEqual([200, 200, 200, 200])

  const current = await (await ask('GET', '/ajax-api/2.0/mlflow/users/current')).json()
  expect(current).toMatchObject({ user: { is_admin: false } })
  const me = await (await ask('GET', '/_soen/api/me')).json()
  expect(me).toEqual({ name: 'admin', role: 'maintainer', isLegacy: true })
  expect((await ask('GET', '/_soen/api/users')).status).toBe(403)
})
