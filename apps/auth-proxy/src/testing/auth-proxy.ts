import type { ForwardOptions } from '../forward/forward.ts'
import { openUpstream } from '../forward/upstream.ts'
import { buildAuthenticator } from '../identity/authenticator.ts'
import { hashPassword } from '../identity/password-hash.ts'
import { passwordLogin } from '../identity/password-login.ts'
import type { Authenticator } from '../identity/principal.ts'
import type { Account } from '../identity/user.ts'
import { listenOn } from '../http/listen.ts'
import { Log } from '../log/log.ts'
import { buildServer } from '../server.ts'
import { startFakeUpstream } from './fake-upstream.ts'
import type { FakeUpstream, Misbehaviour } from './fake-upstream.ts'

/** A front door on a loopback port before a fake MLflow, with the admin `ada`, the member `bob`, the maintainer `cleo` and the viewer `vic`. */
export interface AuthProxy extends AsyncDisposable {
  readonly url: string
  readonly port: number
  readonly upstream: FakeUpstream
  /** Lines that it logged. */
  readonly log: string[]
  /** `fetch` below its URL, signed in as ada unless the headers say otherwise. */
  fetch(path: string, init?: FetchOptions): Promise<Response>
}

interface FetchOptions extends Omit<RequestInit, 'headers'> {
  readonly headers?: Readonly<Record<string, string>>
}

interface Options {
  readonly mlflow?: Misbehaviour
  readonly authenticator?: Authenticator
  readonly allowedHosts?: readonly string[]
  readonly forwarding?: ForwardOptions
  readonly upstreamIdleMs?: number
  readonly lingerMs?: number
}

/** Password of every user of the tests. */
export const testPassword = 'correct horse: battery'
const passwordHash = await hashPassword(testPassword)
const users: readonly Account[] = [
  { name: 'ada', role: 'admin', kind: 'person', isDisabled: false, passwordHash },
  { name: 'bob', role: 'member', kind: 'person', isDisabled: false, passwordHash },
  { name: 'cleo', role: 'maintainer', kind: 'person', isDisabled: false, passwordHash },
  { name: 'vic', role: 'viewer', kind: 'person', isDisabled: false, passwordHash },
]

function findTestUser(name: string): Account | undefined {
  return users.find((user) => user.name === name)
}

/** An Authorization header. */
export function basic(user: string, password: string = testPassword): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}

/** The authenticator of the tests, with their users; it never locks anybody out. */
export async function testAuthenticator(): Promise<Authenticator> {
  const directory = {
    find: findTestUser,
    findToken: () => undefined,
    findSession: () => undefined,
    isEmpty: false,
    refresh: async () => {},
  }
  const lockout = { check: () => {}, failed: () => {}, succeeded: () => {}, trusts: () => false }
  return buildAuthenticator({ directory, logIn: await passwordLogin({ directory, lockout }) })
}

/** Opens a front door; dispose of it at the end of the test. */
export async function openAuthProxy(options: Options = {}): Promise<AuthProxy> {
  const { mlflow, upstreamIdleMs, ...rest } = options
  const fake = await startFakeUpstream(mlflow)
  const idle = upstreamIdleMs === undefined ? {} : { idleTimeoutMs: upstreamIdleMs }
  const upstream = openUpstream(`unix:${fake.socketPath}`, idle)
  const log: string[] = []
  const server = buildServer({
    upstream,
    authenticator: options.authenticator ?? (await testAuthenticator()),
    log: new Log({ write: (line) => void log.push(line) }),
    ...rest,
  })
  const url = await listenOn(server, { host: '127.0.0.1', port: 0 })
  return {
    url,
    port: Number(new URL(url).port),
    upstream: fake,
    log,
    fetch: (path, init = {}) =>
      fetch(`${url}${path}`, { ...init, headers: { authorization: basic('ada'), ...init.headers } }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await server[Symbol.asyncDispose]()
      await upstream.destroy()
      await fake[Symbol.asyncDispose]()
    },
  }
}
