import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  newPerson,
  startRunningAuthProxy,
  type Ended,
  type Person,
  type RunningAuthProxy,
} from '../testing/running-auth-proxy.ts'

let door: RunningAuthProxy
let person: Person
beforeAll(async () => {
  door = await startRunningAuthProxy()
})
afterAll(() => door[Symbol.asyncDispose]())
beforeEach(() => {
  person = newPerson()
})
afterEach(() => person[Symbol.dispose]())

type People = (...args: string[]) => Promise<Ended>

/** The same verbs on a folder of this machine, and as ada on a server. */
async function bothWays(): Promise<Record<'local' | 'remote', People>> {
  const password = `${door.password}\n`
  await person.soen(['login', door.url, '--user', 'ada', '--password-stdin'], password)
  const changes = /^(?:user (?!list)|token (?!list)|session revoke)/
  return {
    local: (...args) => person.soen([...args, '--home', join(person.home, '.soen')]),
    remote: (...args) => {
      const confirm = changes.test(args.join(' ')) ? ['--password-stdin'] : []
      return person.soen([...args, ...confirm], password)
    },
  }
}

const times = /\d{4}-\d{2}-\d{2}T[\d:.]+Z/g
const plain = (text: string): string => text.replaceAll(times, 'TIME')

describe.each(['local', 'remote'] as const)('people, %s', (way) => {
  let people: People
  beforeEach(async () => {
    people = (await bothWays())[way]
  })
  const json = async (...args: string[]): Promise<unknown> =>
    JSON.parse((await people(...args, '--json')).stdout)

  test('accounts are made, changed and removed', async () => {
    const { stdout, status } = await people('user', 'add', 'eve', '--role', 'viewer')
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^eve \w{24} \(shown this once\)\n$/)])
    const again = await people('user', 'add', 'eve')
    expect([again.status, again.stderr]).toEqual([1, expect.stringContaining('SOEN_USER_EXISTS')])

    expect((await people('user', 'role', 'eve', 'maintainer')).stdout).toBe('eve is maintainer.\n')
    expect(await json('user', 'password', 'eve')).toEqual({
      name: 'eve',
      role: 'maintainer',
      kind: 'person',
      isDisabled: false,
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
      password: expect.stringMatching(/^\w{24}$/),
    })
    expect((await people('user', 'disable', 'eve')).stdout).toBe('Disabled eve.\n')
    expect((await people('user', 'list')).stdout).toMatch(/eve +maintainer +person +disabled/)
    expect((await people('user', 'enable', 'eve')).stdout).toBe('Enabled eve.\n')
    expect(await json('user', 'unlock', 'eve', '--network', '192.0.2.0/24')).toEqual({ unlocked: 'eve' })

    const asked = await people('user', 'remove', 'eve')
    expect([asked.status, asked.stderr]).toEqual([1, expect.stringContaining('--yes')])
    expect(await json('user', 'remove', 'eve', '--yes')).toEqual({ removed: 'eve' })
    const { status: unknown, stderr } = await people('user', 'disable', 'eve')
    expect([unknown, stderr]).toEqual([1, expect.stringContaining('SOEN_USER_UNKNOWN')])
  })

  test('tokens are made, listed and revoked', async () => {
    expect((await people('user', 'add', 'trainer', '--service')).stdout).toContain(
      'soen token create trainer',
    )
    const made = await people('token', 'create', 'trainer', '--name', 'cluster', '--days', 'never')
    expect(made.stdout).toMatch(/^soen_\w{12}_\w{38}\n$/)
    const [token] = (await json('token', 'list', '--owner', 'trainer')) as { id: string }[]
    expect(token).toEqual({
      id: made.stdout.split('_')[1],
      owner: 'trainer',
      name: 'cluster',
      createdAt: expect.any(String),
    })
    const whole = made.stdout.trim()
    expect((await people('token', 'revoke', whole)).stdout).toBe(`Ended token ${token?.id}.\n`)
    const gone = await people('token', 'revoke', whole)
    expect(gone.stderr).toContain('SOEN_TOKEN_UNKNOWN')
    expect(gone.stderr).not.toContain(whole.slice(-38))
    expect(await json('token', 'list', '--owner', 'trainer')).toEqual([])
    const none = await people('session', 'list')
    expect(none.stdout).toBe('')
    expect(none.stderr).toContain('There are no sessions.')
    expect((await people('session', 'revoke', 'x')).stderr).toContain('SOEN_SESSION_UNKNOWN')
  })

  test('a dry run changes nothing', async () => {
    const { stdout } = await people('user', 'add', 'eve', '--role', 'viewer', '--dry-run')
    expect(stdout).toBe('POST /_soen/api/users {"name":"eve","role":"viewer","password":"(a new one)"}\n')
    expect((await people('user', 'list')).stdout).not.toContain('eve')
  })

  test('an account is shared until a day', async () => {
    await people('user', 'add', 'team', '--legacy-until', '2099-01-31')
    expect(plain((await people('user', 'list')).stdout)).toContain('shared until TIME')
    expect((await people('user', 'add', 'other', '--legacy-until', 'soon')).stderr).toContain(
      'SOEN_LEGACY_DATE_INVALID',
    )
  })
})

describe('on a server', () => {
  test('a stolen token alone makes nobody and nothing', async () => {
    const { remote } = await bothWays()
    const args = ['user', 'add', 'eve', '--server', door.url]
    expect((await person.soen(args)).stderr).toContain('--password-stdin')
    expect((await person.soen([...args, '--password-stdin'], 'a guess\n')).stderr).toContain(
      'SOEN_LOGIN_WRONG',
    )
    expect((await remote('user', 'list')).stdout).not.toContain('eve')
  })

  test('a stolen token alone removes nobody', async () => {
    const { remote } = await bothWays()
    const args = ['user', 'remove', 'bob', '--yes', '--server', door.url]
    expect((await person.soen(args)).stderr).toContain('--password-stdin')
    expect((await remote('user', 'list')).stdout).toContain('bob')
  })

  test('a member manages what is theirs, and nobody else', async () => {
    await person.soen(['login', door.url, '--user', 'bob', '--password-stdin'], `${door.password}\n`)
    expect((await person.soen(['token', 'list'])).stdout).toMatch(/bob +soen on/)
    expect((await person.soen(['token', 'list', '--owner', 'ada'])).stderr).toContain('SOEN_ADMIN_ONLY')
    expect((await person.soen(['user', 'list'])).stderr).toContain('SOEN_ADMIN_ONLY')
  })

  test('that this machine is not signed in to, the way to do so is named', async () => {
    const { status, stderr } = await person.soen(['user', 'list', '--server', door.url])
    expect([status, stderr]).toEqual([1, expect.stringContaining(`soen login ${door.url}`)])
  })
})
