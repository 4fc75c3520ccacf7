import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { freePort } from '@soen/testbed'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  newPerson,
  startRunningAuthProxy,
  type Person,
  type RunningAuthProxy,
} from '../testing/running-auth-proxy.ts'

let door: RunningAuthProxy
let person: Person
beforeAll(async () => {
  door = await startRunningAuthProxy()
  person = newPerson()
  const password = `${door.password}\n`
  await person.soen(['login', door.url, '--user', 'ada', '--password-stdin'], password)
  await person.soen(['user', 'add', 'eve', ...local()])
  await person.soen(['user', 'disable', 'eve', ...local()])
})
afterAll(async () => {
  person[Symbol.dispose]()
  await door[Symbol.asyncDispose]()
})

const local = (): string[] => ['--home', join(person.home, '.soen')]

describe.each(['local', 'remote'] as const)('audit, %s', (way) => {
  const audit = (...args: string[]) => person.soen(['audit', ...args, ...(way === 'local' ? local() : [])])

  test('says what is wrong with a filter', async () => {
    const { stderr, status } = await audit('--since', 'soon')
    expect(status).toBe(1)
    expect(stderr).toContain('SOEN_AUDIT_FILTER_INVALID')
    expect(stderr).toContain('7d')
  })
})

test('says who did what in one line, and finds it again by what is asked', async () => {
  const onServer = await person.soen(['audit', '--user', 'ada', '--action', 'tokens'])
  expect(onServer.stdout).toMatch(
    /^\S+ \S+ UTC {2}ada made token \w{12} of ada \(password, from 127\.0\.0\.1\) → 200 {2}\[POST \/_soen\/api\/tokens\]\n$/,
  )
  const here = JSON.parse((await person.soen(['audit', '--action', 'users', '--json', ...local()])).stdout)
  expect(here).toMatchObject([
    { via: 'command', action: 'PATCH /_soen/api/users/{name}', subjects: [{ kind: 'user', value: 'eve' }] },
    { via: 'command', action: 'POST /_soen/api/users', subjects: [{ kind: 'user', value: 'eve' }] },
  ])
})

test('says that the record is whole, in the table and in the files', async () => {
  const onServer = await person.soen(['audit', 'verify'])
  expect(onServer.status).toBe(0)
  expect(onServer.stdout).toMatch(/^Intact: \d+ records in 2 chains of the table, \d+ in 1 file of /)
  const here = await person.soen(['audit', 'verify', '--json', ...local()])
  expect(JSON.parse(here.stdout)).toMatchObject({ isIntact: true, table: { records: 2, chains: 1 } })
})

test.each([['audit'], ['audit', 'verify']])(
  '%s asks a server over SSH where a target is named',
  async (...words) => {
    const settings = join(person.home, 'soen.yaml')
    writeFileSync(
      settings,
      `targets: { lab: { where: ssh, host: { address: 127.0.0.1, port: ${await freePort()} }, domain: soen.test } }\n`,
    )
    const { stderr, status } = await person.soen([...words, '--target', 'lab', '--settings', settings])
    expect(status).toBe(1)
    expect(stderr).toContain('On soen.test, over SSH')
    expect(stderr).toContain('SOEN_SSH_REFUSED')
  },
)

test('goes on showing what happens', async () => {
  const main = fileURLToPath(new URL('../main.ts', import.meta.url))
  const child = spawn(process.execPath, [main, 'audit', '--follow', '--action', 'users', ...local()], {
    env: { ...process.env, ...person.env },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  expect((await lines.next()).value).toContain('added user eve')
  expect((await lines.next()).value).toContain('changed user eve')
  await person.soen(['user', 'enable', 'eve', ...local()])
  expect((await lines.next()).value).toContain('changed user eve')
  child.kill('SIGINT')
  await once(child, 'exit')
})
