import { join } from 'node:path'
import { startPostgres, waitUntil } from '@soen/testbed'
import { expect, it } from 'vitest'
import { basic, testPassword } from '../testing/auth-proxy.ts'
import { startFakeUpstream } from '../testing/fake-upstream.ts'
import { plainFetch } from '../testing/plain-fetch.ts'
import { addPerson, startProxy } from '../testing/running-proxy.ts'
import type { RunningProxy } from '../testing/running-proxy.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'

const patience = { timeoutMs: 20_000, everyMs: 20 }
const bearer = (token: string): string => `Bearer ${token}`

async function status(
  { url }: RunningProxy,
  authorization: string,
  method = 'GET',
  path = '/version',
  body?: object,
): Promise<number> {
  const headers = { authorization, 'content-type': 'application/json' }
  const text = body === undefined ? {} : { body: JSON.stringify(body) }
  return (await plainFetch(url + path, { method, headers, ...text })).status
}

/** The name and value of the session's cookie. */
async function signIn({ url }: RunningProxy, name: string): Promise<{ status: number; cookie: string }> {
  const answer = await plainFetch(`${url}/_soen/sign-in`, {
    method: 'POST',
    headers: { origin: url, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ name, password: testPassword }).toString(),
  })
  const cookie = answer.headers.getSetCookie().map((line) => line.split(';')[0])
  return { status: answer.status, cookie: cookie.join('; ') }
}

async function statusOf({ url }: RunningProxy, cookie: string): Promise<number> {
  return (await plainFetch(`${url}/version`, { headers: { cookie } })).status
}

it('PostgreSQL is stopped and started: who was known stays in, nothing is changed meanwhile, all goes on by itself', async () => {
  await using postgres = await startPostgres()
  await using mlflow = await startFakeUpstream()
  const state = await postgres.createDatabase('faults')
  const ada = await addPerson(state, 'ada', 'admin')
  const bob = await addPerson(state, 'bob', 'member')
  await using folder = await temporaryFolder()
  const args = ['--audit-folder', join(folder.path, 'audit')]
  await using proxy = await startProxy({ state, socket: mlflow.socketPath, args })
  const { cookie } = await signIn(proxy, 'bob')
  expect(await status(proxy, basic('ada'))).toBe(200)
  const revoke = (): Promise<number> => status(proxy, basic('ada'), 'DELETE', `/_soen/api/tokens/${bob.id}`)

  await postgres.stop()
  expect(await status(proxy, bearer(bob.token))).toBe(200)
  expect(await statusOf(proxy, cookie)).toBe(200)
  expect(await status(proxy, basic('ada'))).toBe(200)
  expect(await status(proxy, basic('ada', 'a guess'))).toBe(401)
  expect(await status(proxy, bearer(`${bob.token}x`))).toBe(401)

  const make = (): Promise<number> =>
    status(proxy, basic('ada'), 'POST', '/_soen/api/tokens', { name: 'made meanwhile' })
  expect(await make()).toBe(503)
  expect(await revoke()).toBe(503)
  expect(await status(proxy, basic('ada'), 'GET', '/_soen/api/users')).toBe(503)
  expect((await signIn(proxy, 'bob')).status).toBe(503)
  // Guessing is stopped without it, too.
  for (let guess = 0; guess < 10; guess += 1) await status(proxy, basic('bob', `guess ${guess}`))
  expect(await status(proxy, basic('bob'))).toBe(401)

  await postgres.start()
  await waitUntil(async () => (await revoke()) === 204, { ...patience, what: 'the state' })
  expect(await status(proxy, bearer(bob.token))).toBe(401)
  expect(await status(proxy, bearer(ada.token))).toBe(200)
  expect((await signIn(proxy, 'ada')).status).toBe(303)
  expect(proxy.isRunning()).toBe(true)
})

it('of two front doors on one PostgreSQL, each refuses within a second what was ended at the other', async () => {
  await using postgres = await startPostgres()
  await using mlflow = await startFakeUpstream()
  const state = await postgres.createDatabase('two')
  await addPerson(state, 'ada', 'admin')
  const bob = await addPerson(state, 'bob', 'member')
  await using folder = await temporaryFolder()
  const start = (name: string): Promise<RunningProxy> =>
    startProxy({ state, socket: mlflow.socketPath, args: ['--audit-folder', join(folder.path, name)] })
  await using one = await start('one')
  await using other = await start('other')
  const refused = (what: string, knock: () => Promise<number>): Promise<boolean> =>
    waitUntil(async () => (await knock()) === 401, { ...patience, what })
  const change = (method: string, path: string, body?: object): Promise<number> =>
    status(one, basic('ada'), method, `/_soen/api/${path}`, body)

  const { cookie } = await signIn(one, 'bob')
  await waitUntil(async () => (await statusOf(other, cookie)) === 200, { ...patience, what: 'the session' })
  const listed = await plainFetch(`${one.url}/_soen/api/sessions?owner=bob`, {
    headers: { authorization: basic('ada') },
  })
  const [session]: { id: string }[] = JSON.parse(await listed.text())
  expect(await change('DELETE', `sessions/${session?.id}`)).toBe(204)
  await refused('the end of the session', () => statusOf(other, cookie))

  expect(await status(other, bearer(bob.token))).toBe(200)
  expect(await change('DELETE', `tokens/${bob.id}`)).toBe(204)
  await refused('the revocation', () => status(other, bearer(bob.token)))

  expect(await status(other, basic('bob'))).toBe(200)
  expect(await change('PATCH', 'users/bob', { isDisabled: true })).toBe(200)
  await refused('the account that was disabled', () => status(other, basic('bob')))
  await change('PATCH', 'users/bob', { isDisabled: false })
  await waitUntil(async () => (await status(other, basic('bob'))) === 200, { ...patience, what: 'bob' })

  for (let guess = 0; guess < 10; guess += 1) await status(one, basic('bob', `guess ${guess}`))
  await refused('the lock', () => status(other, basic('bob')))
  expect(await change('POST', 'users/bob/unlock')).toBe(204)
  await waitUntil(async () => (await status(other, basic('bob'))) === 200, { ...patience, what: 'unlocking' })

  expect(await change('DELETE', 'users/bob')).toBe(204)
  await refused('the account that was removed', () => status(other, basic('bob')))
})
