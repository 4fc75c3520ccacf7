import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { runProgram } from './program.ts'
import { runToEnd as run } from './testing/run-to-end.ts'
import type { Outcome } from './testing/run-to-end.ts'
import { temporaryFolder } from './testing/temporary-folder.ts'

describe('user set', () => {
  it('makes users, the first one too, and gives one a new password and role', async () => {
    await using folder = await temporaryFolder()
    const state = ['--state', join(folder.path, 'auth.sqlite')]
    const set = (...args: string[]): Promise<Outcome> =>
      run(['user', 'set', ...args, ...state], 'long enough\n')
    expect(await set('Ada', '--role', 'admin')).toEqual({
      code: 0,
      stdout: 'Created ada (admin).\n',
      stderr: '',
    })
    expect((await set('ada')).stdout).toBe('Changed ada (admin).\n')
    expect((await set('ADA', '--role', 'member')).stdout).toBe('Changed ada (member).\n')
    await set('team', '--legacy-until', '2027-01-31')

    const listed = await run(['api', 'GET', '/_soen/api/users', ...state])
    const added = { kind: 'person', role: 'member', isDisabled: false }
    expect(JSON.parse(listed.stdout).body).toMatchObject([
      { name: 'ada', ...added },
      { name: 'team', ...added, legacyUntil: '2027-02-01T00:00:00.000Z' },
    ])
    expect(listed.stdout).not.toContain('argon2')
  })

  it.each([
    [['a:b'], 'long enough', 'cannot be a user name'],
    [['ada'], 'sh0rt', 'SOEN_PASSWORD_INVALID'],
    [['ada', '--legacy-until', 'soon'], 'long enough', 'is not a day'],
  ])('refuses %j without repeating the password, and makes nobody', async (args, password, reason) => {
    await using folder = await temporaryFolder()
    const state = ['--state', join(folder.path, 'auth.sqlite')]
    const { code, stdout, stderr } = await run(['user', 'set', ...args, ...state], `${password}\n`)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(reason)
    expect(stderr).not.toContain(password)
    expect((await run(['api', 'GET', '/_soen/api/users', ...state])).stdout).toContain('"body":[]')
  })

  it('turns no program into a person, and no person into a program', async () => {
    await using folder = await temporaryFolder()
    const state = ['--state', join(folder.path, 'auth.sqlite')]
    await run(['user', 'set', 'ci', '--service', ...state])
    await run(['user', 'set', 'ada', ...state], 'long enough')
    expect(await run(['user', 'set', 'ci', ...state], 'long enough')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('programs have none'),
    })
    expect(await run(['user', 'set', 'ada', '--service', ...state])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('SOEN_USER_EXISTS'),
    })
  })
})

describe('token create', () => {
  it('shows a token once, which for ever only a program may have', async () => {
    await using folder = await temporaryFolder()
    const state = ['--state', join(folder.path, 'auth.sqlite')]
    await run(['user', 'set', 'ci', '--service', ...state])
    await run(['user', 'set', 'ada', ...state], 'long enough')
    const create = (owner: string, ...more: string[]): Promise<Outcome> =>
      run(['token', 'create', owner, '--name', 'x', ...more, ...state])
    const created = await create('Ada', '--days', '30')
    expect(created).toMatchObject({ code: 0, stdout: expect.stringMatching(/^soen_\w{12}_\w{38}\n$/) })
    const id = created.stdout.split('_')[1] ?? ''
    expect(created.stderr).toContain(`Token ${id} of ada, good until 20`)

    expect((await create('ci', '--days', 'never')).stderr).toContain('good until it is revoked')
    expect(await create('ada', '--days', 'never')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('SOEN_TOKEN_EXPIRY_INVALID'),
    })
    expect((await create('eve')).stderr).toContain('SOEN_USER_UNKNOWN')
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
      docs: expect.stringContaining('/#soen_'),
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
    const unmade = await run(['api', 'GET', '/_soen/api/users', ...state])
    expect(unmade.stderr).toContain('SOEN_STATE_MISSING')
    expect(JSON.parse(unmade.stdout)).toEqual({
      error: {
        code: 'SOEN_STATE_MISSING',
        message: expect.any(String),
        hint: expect.any(String),
        docs: '/troubleshooting/front-door-program/#soen_state_missing',
      },
    })
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
  it('reads a path as the front door does, also with a name that is an e-mail address', async () => {
    await using folder = await temporaryFolder()
    const state = ['--state', join(folder.path, 'auth.sqlite')]
    const set = ['user', 'set', 'ada@example.org', ...state]
    await run(set, 'long enough')
    expect(await run(set, 'long enough, too')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Changed/),
    })
    const role = ['api', 'PATCH', '/_soen/api/users/ada%40example.org', ...state]
    expect(JSON.parse((await run(role, '{"role":"viewer"}')).stdout)).toMatchObject({
      status: 200,
      body: {
        name: 'ada@example.org',
        role: 'viewer',
      },
    })
    expect(await run(['api', 'GET', '//', ...state])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('SOEN_PATH_NOT_CANONICAL'),
    })
  })
})

it('says that a command is loaded before that does anything, and nothing of one that is not there', async () => {
  const happened: string[] = []
  const stdout = new PassThrough().on('data', () => happened.push('output'))
  const terminal = { stdin: new PassThrough(), stdout, stderr: new PassThrough() }
  const onLoaded = (): void => void happened.push('loaded')
  await runProgram(['openapi'], terminal, onLoaded)
  await runProgram(['open-api'], terminal, onLoaded)
  expect(happened).toEqual(['loaded', 'output'])
})
