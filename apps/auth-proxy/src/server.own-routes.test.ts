import { expect, it } from 'vitest'
import { basic, openAuthProxy } from './testing/auth-proxy.ts'

it('tells everybody that it is up, and whether MLflow is, too', async () => {
  await using door = await openAuthProxy()
  const ask = async (path: string): Promise<unknown[]> => {
    const response = await fetch(`${door.url}${path}`)
    return [response.status, await response.json()]
  }
  expect(await ask('/health')).toEqual([200, { status: 'ok' }])
  expect(await ask('/ready')).toEqual([200, { status: 'ready', parts: { mlflow: 'up', state: 'up' } }])
  await door.upstream[Symbol.asyncDispose]()
  expect(await ask('/health')).toEqual([200, { status: 'ok' }])
})

it.each([
  ['/_soen/whoami', { user: 'bob', role: 'member' }],
  [
    '/ajax-api/2.0/mlflow/users/current',
    { user: { id: 0, username: 'bob', is_admin: false }, is_basic_auth: true },
  ],
])('answers %s itself, to whoever is signed in', async (path, answer) => {
  await using door = await openAuthProxy()
  const response = await door.fetch(path, { headers: { authorization: basic('bob') } })
  expect([response.status, await response.json()]).toEqual([200, answer])
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect((await fetch(`${door.url}${path}`)).status).toBe(401)
  expect((await door.fetch(path, { method: 'POST' })).status).toBeGreaterThanOrEqual(403)
  expect(door.upstream.hits).toEqual([])
})
