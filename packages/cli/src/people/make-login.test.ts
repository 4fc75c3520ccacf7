import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort, temporaryFolder, waitUntil } from '@soen/testbed'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  newPerson,
  runSoen,
  startRunningAuthProxy,
  type Ended,
  type Person,
  type RunningAuthProxy,
} from '../testing/running-auth-proxy.ts'

let door: RunningAuthProxy
let bob: Person
beforeAll(async () => {
  door = await startRunningAuthProxy()
})
afterAll(() => door[Symbol.asyncDispose]())
beforeEach(() => {
  bob = newPerson()
})
afterEach(() => bob[Symbol.dispose]())

const login = (...more: string[]): Promise<Ended> =>
  bob.soen(['login', door.url, '--user', 'bob', '--password-stdin', ...more], `${door.password}\n`)
const stored = (): string => readFileSync(join(bob.home, 'config/soen/servers.json'), 'utf8')
const tokenOf = (text: string): string => /soen_\w{12}_\w{38}/.exec(text)?.[0] ?? ''
const asBearer = (token: string): Promise<Response> =>
  fetch(`${door.url}/_soen/api/me`, { headers: { authorization: `Bearer ${token}` } })

const basicOfZoe = (password: string): string => `Basic ${btoa(`zoe:${password}`)}`
const listening = async (listener: RequestListener): Promise<AsyncDisposable & { readonly url: string }> => {
  const server = createServer(listener)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

describe('login', () => {
  test('makes a token of this machine, which MLflow’s clients and soen find', async () => {
    const { status, stdout, stderr } = await login('--name', 'my laptop', '--days', '7')
    expect({ status, stdout }).toEqual({ status: 0, stdout: `Signed in to ${door.url} as bob.\n` })
    const token = tokenOf(stored())
    expect(readFileSync(join(bob.home, '.mlflow/credentials'), 'utf8')).toBe(
      `[mlflow]\nmlflow_tracking_username = bob\nmlflow_tracking_password = ${token}\n`,
    )
    expect(statSync(join(bob.home, 'config/soen/servers.json')).mode & 0o777).toBe(0o600)
    expect(statSync(join(bob.home, '.mlflow/credentials')).mode & 0o777).toBe(0o600)
    expect(stdout + stderr).not.toContain(token.split('_')[2])

    expect(await (await asBearer(token)).json()).toMatchObject({ name: 'bob' })
    expect(JSON.parse((await bob.soen(['whoami', '--json'])).stdout)).toMatchObject({
      server: door.url,
      user: 'bob',
      role: 'member',
      tokenId: token.split('_')[1],
    })
    expect(JSON.parse((await bob.soen(['token', 'list', '--json'])).stdout)).toMatchObject([
      { name: 'my laptop', owner: 'bob' },
    ])
  })

  test('replaces the token of the machine that it made before', async () => {
    await login()
    const first = tokenOf(stored())
    await login()
    expect((await asBearer(first)).status).toBe(401)
    expect((await asBearer(tokenOf(stored()))).status).toBe(200)
  })

  test('takes a token that was made elsewhere, and leaves it good when it signs out', async () => {
    await login()
    const token = tokenOf(stored())
    using other = newPerson()
    const { env } = other
    const byToken = await runSoen(['login', door.url, '--token-stdin', '--json'], {
      env,
      input: `${token}\n`,
    })
    expect(JSON.parse(byToken.stdout)).toMatchObject({ user: 'bob', server: door.url })
    expect((await runSoen(['logout'], { env })).status).toBe(0)
    expect((await asBearer(token)).status).toBe(200)
    const wrong = await runSoen(['login', door.url, '--token-stdin'], { env, input: `${token}x\n` })
    expect(wrong.stderr).toContain('SOEN_TOKEN_MISTYPED')
  })

  test('asks at the terminal, and shows nothing of the password', async () => {
    const main = fileURLToPath(new URL('../main.ts', import.meta.url))
    const command = `${process.execPath} ${main} login ${door.url}`
    const child = spawn('script', ['-qefc', command, '/dev/null'], { env: { ...process.env, ...bob.env } })
    let screen = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (screen += text))
    const exited = once(child, 'exit')
    await waitUntil(() => screen.includes('User name'), { timeoutMs: 20_000, what: 'the first question' })
    child.stdin.write('bob\r')
    await waitUntil(() => screen.includes('Password of bob'), { timeoutMs: 20_000, what: 'the second' })
    child.stdin.write(`${door.password}\r`)
    expect(await exited).toEqual([0, null])
    expect(screen).toContain(`Signed in to ${door.url} as bob.`)
    expect(screen).not.toContain('correct')
  })

  test.each([
    ['a wrong password', ['--user', 'bob', '--password-stdin'], 'a guess\n', 'SOEN_LOGIN_WRONG'],
    ['no password', ['--user', 'bob', '--password-stdin'], '', 'SOEN_SECRET_MISSING'],
    ['a password without a name', ['--password-stdin'], 'x\n', 'SOEN_USER_MISSING'],
    ['nobody to ask', [], '', 'SOEN_NO_TERMINAL'],
  ])('says what is wrong with %s, and stores nothing', async (_case, args, input, code) => {
    const { status, stderr } = await bob.soen(['login', door.url, ...args], input)
    expect([status, stderr]).toEqual([1, expect.stringContaining(code)])
    expect(existsSync(join(bob.home, '.mlflow'))).toBe(false)
    expect(existsSync(join(bob.home, 'config'))).toBe(false)
  })

  test('says so when too many passwords were tried', async () => {
    const guess = (password: string): Promise<Ended> =>
      bob.soen(['login', door.url, '--user', 'zoe', '--password-stdin'], `${password}\n`)
    for (let count = 0; count < 10; count += 1) {
      await fetch(`${door.url}/_soen/api/me`, { headers: { authorization: basicOfZoe(`guess ${count}`) } })
    }
    expect((await guess(door.password)).stderr).toMatch(/taken again from here at .*\(SOEN_LOGIN_LOCKED\)/)
  })
})

describe('a password is sent nowhere but to a front door', () => {
  const secret = 'correct horse: battery'
  const attempt = (url: string, env: Record<string, string> = {}): Promise<Ended> =>
    runSoen(['login', url, '--user', 'bob', '--password-stdin'], {
      env: { ...bob.env, ...env },
      input: `${secret}\n`,
    })
  test.each([
    ['a web site', 200, {}, '<html>'],
    ['an MLflow without one', 404, {}, '{"error_code":"ENDPOINT_NOT_FOUND","message":"no"}'],
    ['what leads elsewhere', 302, { location: 'https://evil.example/' }, ''],
  ])('not to %s', async (_case, status, headers, body) => {
    const seen: (string | undefined)[] = []
    await using server = await listening((request, response) => {
      seen.push(request.headers.authorization)
      response.writeHead(status, headers).end(body)
    })
    const { stderr } = await attempt(server.url)
    expect(stderr).toContain('SOEN_NOT_A_FRONT_DOOR')
    expect(seen).toEqual([undefined])
  })

  test('not where nobody answers', async () => {
    const { stderr } = await attempt(`http://127.0.0.1:${await freePort()}`)
    expect(stderr).toContain('SOEN_SERVER_UNREACHABLE')
  })

  test('not unencrypted', async () => {
    const { stderr } = await attempt('http://mlflow.example.org')
    expect(stderr).toContain('SOEN_SERVER_NOT_ENCRYPTED')
  })

  test('not to a certificate that nobody vouches for, and to one of a known authority', async () => {
    const folder = temporaryFolder('tls')
    const [key, cert] = [join(folder.path, 'key.pem'), join(folder.path, 'cert.pem')]
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
    const name = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1']
    execFileSync('openssl', ['req', '-x509', ...kind, ...name, '-keyout', key, '-out', cert], {
      stdio: 'ignore',
    })
    const requests: string[] = []
    const server = createTlsServer(
      { key: readFileSync(key), cert: readFileSync(cert) },
      (request, response) => {
        requests.push(request.url ?? '')
        void fetch(`${door.url}${request.url}`).then(async (answer) =>
          response.writeHead(answer.status).end(await answer.text()),
        )
      },
    )
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const address = server.address()
    const url = `https://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
    expect((await attempt(url)).stderr).toContain('SOEN_TLS_FAILED')
    expect(requests).toEqual([])
    expect((await attempt(url, { NODE_EXTRA_CA_CERTS: cert })).stderr).toContain('SOEN_LOGIN_MISSING')
    server.closeAllConnections()
    server.close()
    folder[Symbol.dispose]()
  })
})

describe('logout', () => {
  test('revokes the token and forgets it', async () => {
    await login()
    const token = tokenOf(stored())
    expect((await bob.soen(['logout'])).stdout).toBe(`Signed out of ${door.url}.\n`)
    expect((await asBearer(token)).status).toBe(401)
    expect(existsSync(join(bob.home, '.mlflow/credentials'))).toBe(false)
    expect(stored()).not.toContain('soen_')
    expect((await bob.soen(['whoami'])).stderr).toContain('SOEN_NOT_SIGNED_IN')
    expect((await bob.soen(['logout'])).stderr).toContain('SOEN_NOT_SIGNED_IN')
  })

  test('forgets also while the server is away, and says that the token is still good', async () => {
    await using other = await startRunningAuthProxy()
    const args = ['login', other.url, '--user', 'bob', '--password-stdin']
    await bob.soen(args, `${other.password}\n`)
    await other.stop()
    const { status, stderr } = await bob.soen(['logout'])
    expect([status, stderr]).toEqual([1, expect.stringContaining('SOEN_TOKEN_NOT_REVOKED')])
    expect(stored()).not.toContain('soen_')
  })

  test('is content with a token that was revoked before', async () => {
    await login()
    const token = tokenOf(stored())
    await fetch(`${door.url}/_soen/api/tokens/${token.split('_')[1]}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${token}` },
    })
    expect((await bob.soen(['whoami'])).stderr).toMatch(/SOEN_TOKEN_WRONG\)\n.*soen login/)
    expect((await bob.soen(['logout'])).status).toBe(0)
  })
})
