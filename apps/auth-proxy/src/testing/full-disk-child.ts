/**
 * Fills the disk that holds the state of a real front door, and prints as JSON how each request was answered. Runs
 * in a mount namespace in which its folder is a disk of a few megabytes.
 */
import { rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { basic, testPassword } from './auth-proxy.ts'
import { startFakeUpstream } from './fake-upstream.ts'
import { plainFetch } from './plain-fetch.ts'
import { addPerson, startProxy } from './running-proxy.ts'

const [folder = ''] = process.argv.slice(2)
const state = join(folder, 'auth.sqlite')
const filler = join(folder, 'filler')

await using mlflow = await startFakeUpstream()
const bob = await addPerson(state, 'bob', 'member')
const ada = await addPerson(state, 'ada', 'admin')
await using proxy = await startProxy({ state, socket: mlflow.socketPath })

const call = async (
  authorization: string,
  method = 'GET',
  path = '/version',
  body?: object,
): Promise<number> => {
  const headers = { authorization, 'content-type': 'application/json' }
  const text = body === undefined ? {} : { body: JSON.stringify(body) }
  return (await plainFetch(proxy.url + path, { method, headers, ...text })).status
}
const signIn = async (): Promise<number> => {
  const body = new URLSearchParams({ name: 'bob', password: testPassword }).toString()
  const headers = { origin: proxy.url, 'content-type': 'application/x-www-form-urlencoded' }
  return (await plainFetch(`${proxy.url}/_soen/sign-in`, { method: 'POST', headers, body })).status
}
const answers = async (): Promise<Record<string, unknown>> => ({
  token: await call(`Bearer ${bob.token}`),
  password: await call(basic('bob')),
  wrongPassword: await call(basic('bob', 'a guess')),
  newToken: await call(basic('ada'), 'POST', '/_soen/api/tokens', { name: 'x' }),
  revocation: await call(basic('ada'), 'DELETE', `/_soen/api/tokens/${bob.id}`),
  signIn: await signIn(),
  users: await call(`Bearer ${ada.token}`, 'GET', '/_soen/api/users'),
})

await call(basic('ada'))
const { bavail, bsize } = await statfs(folder)
// The front door may have taken some of it meanwhile: either way the disk is full.
await writeFile(filler, Buffer.alloc(bavail * bsize)).catch((error: unknown) => {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
})
const full = await answers()
await rm(filler)
const free = await answers()
process.stdout.write(`${JSON.stringify({ full, free, isRunning: proxy.isRunning() })}\n`)
