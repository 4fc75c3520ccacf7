import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { mintSession } from './identity/session.ts'
import { runProgram } from './program.ts'
import { listLocks, setLock } from './store/locks.ts'
import { openStore } from './store/open-store.ts'
import { addSession } from './store/sessions.ts'
import { temporaryFolder } from './testing/temporary-folder.ts'

interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

async function run(args: readonly string[], input = ''): Promise<Outcome> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const stdin = Readable.from([Buffer.from(input)])
  const code = await runProgram(args, { stdin, stdout, stderr })
  stdout.end()
  stderr.end()
  return { code, stdout: await text(stdout), stderr: await text(stderr) }
}

describe('user', () => {
  it('set makes users and list shows them, without a hash', async () => {
    await using folder = await temporaryFolder()
    const state = ['--state', join(folder.path, 'auth.sqlite')]
    const created = await run(['user', 'set', 'Ada', '--role', 'admin', ...state], 'long enough\n')
    expect(created).toEqual({ code: 0, stdout: 'Created ada (admin).\n', stderr: '' })
    await run(['user', 'set', 'bob', ...state], 'long enough\n')

    const listed = await run(['user', 'list', '--json', ...state])
    const added = {
      ...{ kind: 'person', isDisabled: false },
      ...{ createdAt: expect.any(String), updatedAt: expect.any(String) },
    }
    expect(JSON.parse(listed.stdout)).toEqual([
      { name: 'ada', role: 'admin', ...added },
      { name: 'bob', role: 'member', ...added },
    ])
    expect(listed.stdout).not.toContain('argon2')
    expect((await run(['user', 'list', ...state])).stdout).toMatch(
      /^NAME .*\nada {3}admin {3}person {2}active {2}20.*\nbob {3}member/,
    )
  })

  it('set leaves the role alone when only the password changes', async () => {
    await using folder = await temporaryFolder()
    const args = ['user', 'set', 'ada', '--state', join(folder.path, 'auth.sqlite')]
    await run([...args, '--role', 'admin'], 'first password')
    expect((await run(args, 'second password')).stdout).toBe('Changed ada (admin).\n')
    expect((await run([...args, '--role', 'member'], 'third password')).stdout).toBe(
      'Changed ada (member).\n',
    )
  })

  it('remove takes a user away, once', async () => {
    await using folder = await temporaryFolder()
    const state = ['--state', join(folder.path, 'auth.sqlite')]
    await run(['user', 'set', 'ada', ...state], 'long enough')
    expect(await run(['user', 'remove', 'ADA', ...state])).toMatchObject({
      code: 0,
      stdout: 'Removed ada.\n',
    })
    const again = await run(['user', 'remove', 'ada', ...state])
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('SOEN_USER_UNKNOWN') })
    expect((await run(['user', 'list', ...state])).stdout).toContain('No user yet')
  })

  it('set refuses a bad password without repeating it, and makes nothing', async () => {
    await using folder = await temporaryFolder()
    const state = ['--state', join(folder.path, 'auth.sqlite')]
    const { code, stdout, stderr } = await run(['user', 'set', 'ada', ...state], 'sh0rt\n')
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('SOEN_PASSWORD_INVALID')
    expect(stderr).not.toContain('sh0rt')
    expect((await run(['user', 'list', ...state])).stderr).toContain('SOEN_STATE_MISSING')
  })
})

describe('token', () => {
  it('create shows a token once; list names it and revoke ends it', async () => {
    await using folder = await temporaryFolder()
    const state = ['--state', join(folder.path, 'auth.sqlite')]
    await run(['user', 'set', 'ada', ...state], 'long enough')
    const created = await run(['token', 'create', 'Ada', '--name', 'laptop', ...state])
    expect(created).toMatchObject({ code: 0, stdout: expect.stringMatching(/^soen_\w{12}_\w{38}\n$/) })
    const id = created.stdout.split('_')[1] ?? ''
    expect(created.stderr).toContain(`Token ${id} of ada, good until`)

    const [listed, listedJson] = [
      await run(['token', 'list', ...state]),
      await run(['token', 'list', '--json', ...state]),
    ]
    expect(listed.stdout).toMatch(new RegExp(`\\n${id} {2}ada {4}laptop {2}20.* never\\n$`))
    expect(JSON.parse(listedJson.stdout)).toEqual([
      { id, owner: 'ada', name: 'laptop', createdAt: expect.any(String), expiresAt: expect.any(String) },
    ])
    expect((await run(['token', 'list', '--owner', 'bob', '--json', ...state])).stdout).toBe('[]\n')

    expect((await run(['token', 'revoke', id, ...state])).stdout).toBe(`Revoked token ${id}.\n`)
    const again = await run(['token', 'revoke', id, ...state])
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('SOEN_TOKEN_UNKNOWN') })
  })

  it('may last for ever if a program owns it', async () => {
    await using folder = await temporaryFolder()
    const state = ['--state', join(folder.path, 'auth.sqlite')]
    await run(['user', 'set', 'ci', '--service', ...state])
    await run(['user', 'set', 'ada', ...state], 'long enough')
    const create = (owner: string): Promise<Outcome> =>
      run(['token', 'create', owner, '--name', 'x', '--days', 'never', '--json', ...state])
    expect(JSON.parse((await create('ci')).stdout)).not.toHaveProperty('expiresAt')
    expect((await create('ada')).stderr).toContain('SOEN_TOKEN_EXPIRY_INVALID')
    expect((await create('eve')).stderr).toContain('SOEN_USER_UNKNOWN')
    const taken = await run(['user', 'set', 'ci', ...state], 'long enough')
    expect(taken.stderr).toContain('already the name of a service account')
  })
})

describe('an account', () => {
  it('is disabled, enabled, unlocked, and shares a password until a day', async () => {
    await using folder = await temporaryFolder()
    const state = ['--state', join(folder.path, 'auth.sqlite')]
    await run(['user', 'set', 'admin', '--legacy-until', '2027-01-31', ...state], 'long enough')
    const list = async (): Promise<string> => (await run(['user', 'list', ...state])).stdout
    expect(await list()).toContain('shared until 2027-02-01T00:00:00.000Z')
    expect((await run(['user', 'disable', 'admin', ...state])).stdout).toBe('Disabled admin.\n')
    expect(await list()).toContain('disabled')
    expect((await run(['user', 'enable', 'admin', ...state])).stdout).toBe('Enabled admin.\n')
    expect((await run(['user', 'disable', 'eve', ...state])).stderr).toContain('SOEN_USER_UNKNOWN')

    await using store = await openStore(join(folder.path, 'auth.sqlite'))
    const until = '2026-01-01T00:00:00.000Z'
    for (const key of ['pair admin 192.0.2.0/24', 'user admin', 'user eve', 'network 192.0.2.0/24'])
      await store.change((db) => setLock(db, { key, strikes: 1, until }, ''))
    const unlock = ['user', 'unlock', 'admin', ...state]
    expect((await run(unlock)).stdout).toBe('Unlocked admin.\n')
    expect((await run(unlock)).stdout).toBe('admin was not locked.\n')
    expect((await run([...unlock, '--network', '192.0.2.0/24'])).stdout).toBe('Unlocked admin.\n')
    expect((await listLocks(store.db)).map(({ key }) => key)).toEqual(['user eve'])
  })
})

describe('session', () => {
  it('list shows who is signed in, and revoke signs out', async () => {
    await using folder = await temporaryFolder()
    const state = ['--state', join(folder.path, 'auth.sqlite')]
    await using store = await openStore(join(folder.path, 'auth.sqlite'))
    const origin = { owner: 'ada', address: '192.0.2.1', userAgent: 'Firefox' }
    const { secret, stored } = mintSession(origin, new Date())
    await store.change((db) => addSession(db, stored))
    const listed = await run(['session', 'list', ...state])
    expect(listed.stdout).toMatch(new RegExp(`\\n${stored.id} {2}ada {4}192\\.0\\.2\\.1 {2}20`))
    const asJson = (await run(['session', 'list', '--owner', 'ADA', '--json', ...state])).stdout
    expect(JSON.parse(asJson)).toMatchObject([{ id: stored.id, userAgent: 'Firefox' }])
    for (const hidden of [secret, stored.sha256]) expect(asJson).not.toContain(hidden)
    expect((await run(['session', 'revoke', stored.id, ...state])).stdout).toBe(
      `Ended session ${stored.id}.\n`,
    )
    expect((await run(['session', 'revoke', stored.id, ...state])).stderr).toContain('SOEN_SESSION_UNKNOWN')
  })
})

describe('wrong use', () => {
  it.each([
    [[], 'A command is missing'],
    [['frobnicate'], 'no command "frobnicate"'],
    [['user'], 'no command "user"'],
    [['user', 'set', '--state', 'x'], 'Expected NAME'],
    [['user', 'set', 'ada'], '--state is missing'],
    [['user', 'set', 'ada', 'secret words', '--state', 'x'], 'Expected NAME'],
    [['user', 'set', 'ada', '--password', 'secret', '--state', 'x'], '--password'],
    [
      ['user', 'set', 'ada', '--role', 'root', '--state', 'x'],
      'root is not one of viewer, member, maintainer, admin',
    ],
    [['user', 'set', 'ada', '--legacy-until', 'soon', '--state', 'x'], 'is not a day'],
    [['user', 'set', 'a:b', '--state', 'x'], 'cannot be a user name'],
  ])('%j is told apart from failure', async (args, reason) => {
    const { code, stdout, stderr } = await run(args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(reason)
  })

  it.each([
    [['serve', '--upstream', 'unix:/x', '--state', 'x'], 'SOEN_WRONG_USE'],
    [['serve', '--listen', '0.0.0.0:1', '--upstream', 'unix:/x', '--state', 'x'], 'SOEN_LISTEN_INVALID'],
    [['serve', '--listen', '127.0.0.1:0', '--upstream', 'http://x', '--state', 'x'], 'SOEN_UPSTREAM_INVALID'],
    [
      ['serve', '--listen', '127.0.0.1:0', '--upstream', 'unix:/x', '--state', 'x', '--allowed-host', 'a:1'],
      'SOEN_ALLOWED_HOST_INVALID',
    ],
  ])('%j of serve is an event too', async (args, reason) => {
    const { code, stdout } = await run(args)
    expect(code).toBe(2)
    expect(JSON.parse(stdout)).toEqual({
      event: 'error',
      code: reason,
      message: expect.any(String),
      hint: expect.any(String),
    })
  })

  it('gets the help when it asks', async () => {
    const { code, stdout } = await run(['user', '--help'])
    expect(code).toBe(0)
    expect(stdout).toContain('user set NAME --state STATE [--role viewer|member|maintainer|admin]')
  })
})

describe('api', () => {
  it('does for the operator what the API does for an admin, by the same rules', async () => {
    await using folder = await temporaryFolder()
    const state = ['--state', join(folder.path, 'auth.sqlite')]
    const api = async (method: string, path: string, body?: object): Promise<unknown> => {
      const { stdout } = await run(['api', method, `/_soen/api/${path}`, ...state], JSON.stringify(body))
      return JSON.parse(stdout)
    }
    expect((await run(['api', 'GET', '/_soen/api/users', ...state])).stderr).toContain('SOEN_STATE_MISSING')
    const ada = { name: 'ada', role: 'admin', password: 'long enough' }
    expect(await api('POST', 'users', ada)).toMatchObject({
      status: 200,
      body: { name: 'ada', role: 'admin' },
    })
    expect(await api('POST', 'users', ada)).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('SOEN_USER_EXISTS') },
    })
    expect(await api('POST', 'users', { ...ada, role: 'root' })).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('SOEN_API_BODY') },
    })
    expect(await api('POST', 'tokens', { name: 'laptop', owner: 'ada' })).toMatchObject({
      body: { owner: 'ada', token: expect.stringMatching(/^soen_/) },
    })
    expect(await api('GET', 'tokens?owner=ada')).toMatchObject({ status: 200, body: [{ name: 'laptop' }] })
    expect(await api('DELETE', 'users/ada')).toEqual({ status: 204 })
    expect((await run(['api', 'DELETE', '/_soen/api/users/ada', ...state])).code).toBe(1)
  })
})
