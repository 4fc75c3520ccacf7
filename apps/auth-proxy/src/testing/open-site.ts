import { join } from 'node:path'
import type { AuditLog } from '../audit/audit-log.ts'
import { openAudit } from '../audit/open-audit.ts'
import { Sightings } from '../audit/sightings.ts'
import { openUpstream } from '../forward/upstream.ts'
import { openIdentity } from '../identity/open-identity.ts'
import type { Identity } from '../identity/open-identity.ts'
import { hashPassword } from '../identity/password-hash.ts'
import { noSetup, openSetup } from '../actions/setup.ts'
import { buildSite } from '../pages/site.ts'
import { operationOf } from '../operation/operation-of.ts'
import { listenOn } from '../http/listen.ts'
import { Log } from '../log/log.ts'
import { buildServer } from '../server.ts'
import { openStore } from '../store/open-store.ts'
import { setUser } from '../identity/stored-users.ts'
import { startFakeUpstream } from './fake-upstream.ts'
import type { FakeUpstream, Misbehaviour } from './fake-upstream.ts'
import { basic, testPassword } from './auth-proxy.ts'
import { plainFetch } from './plain-fetch.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** As much of a browser as the tests need: it keeps cookies and sends an Origin. */
export interface Browser {
  /** Its cookies by name. */
  readonly cookies: Map<string, string>
  get(path: string): Promise<Response>
  /** Submits a form from a page of this server. */
  submit(path: string, form: Record<string, string>, headers?: Record<string, string>): Promise<Response>
  /** Sends JSON as a script of MLflow's page does, with the header that it copies from its cookie. */
  send(method: string, path: string, body?: unknown): Promise<Response>
}

/** A front door with its pages and API over a real store, and a fake MLflow behind it. */
export interface OpenSite extends AsyncDisposable {
  readonly url: string
  readonly identity: Identity
  /** The audit; `flush` it before you read its records. */
  readonly audit: AuditLog
  readonly auditFolder: string
  readonly upstream: FakeUpstream
  /** Lines that it logged. */
  readonly log: readonly string[]
  readonly setupFile: string
  browser(): Browser
  /** A browser in which this user has signed in. */
  signedIn(name: string): Promise<Browser>
  /** Calls the API as a program does, by password unless the header is given. */
  api(name: string, method: string, path: string, body?: unknown, authorization?: string): Promise<Response>
}

interface Options {
  /** Starts without users, so that the first admin is created on the set-up page. */
  readonly isNew?: boolean
  readonly isBehindTlsProxy?: boolean
  readonly teamName?: string
  /** How the fake MLflow answers. */
  readonly mlflow?: Misbehaviour
  /** Socket of a real MLflow to use instead of the fake one. */
  readonly mlflowSocket?: string
}

const passwordHash = await hashPassword(testPassword)

/** Opens a site with the admin `ada` and the member `bob`; dispose of it at the end of the test. */
export async function openSite(options: Options = {}): Promise<OpenSite> {
  const { isNew = false, isBehindTlsProxy = false } = options
  const folder = await temporaryFolder()
  const store = await openStore(join(folder.path, 'auth.sqlite'))
  if (!isNew) {
    await setUser(store.db, 'ada', { role: 'admin', passwordHash })
    await setUser(store.db, 'bob', { role: 'member', passwordHash })
  }
  const identity = await openIdentity(store, {
    onError: (error) => {
      throw error
    },
  })
  const auditFolder = join(folder.path, 'audit')
  const audit = await openAudit(store, {
    folder: auditFolder,
    onTrouble: (error) => {
      throw error
    },
  })
  const fake = await startFakeUpstream(options.mlflow)
  const upstream = openUpstream(`unix:${options.mlflowSocket ?? fake.socketPath}`)
  const setupFile = join(folder.path, 'setup-secret')
  const log: string[] = []
  const server = buildServer({
    upstream,
    isBehindTlsProxy,
    authenticator: identity.authenticator,
    audit: {
      log: audit,
      sightings: new Sightings(),
    },
    operation: operationOf(identity),
    log: new Log({ write: (line) => void log.push(line) }),
    site: buildSite(identity, isNew ? openSetup(identity, setupFile) : noSetup, {
      auditFolder,
      teamName: () => options.teamName,
    }),
  })
  const url = await listenOn(server, { host: '127.0.0.1', port: 0 })
  const open = (): Browser => openBrowser(url)
  return {
    url,
    identity,
    audit,
    auditFolder,
    upstream: fake,
    log,
    setupFile,
    browser: open,
    async signedIn(name) {
      const browser = open()
      await browser.submit('/_soen/sign-in', {
        name,
        password: testPassword,
      })
      return browser
    },
    api: (name, method, path, body, authorization = basic(name)) =>
      plainFetch(`${url}/_soen/api${path}`, {
        method,
        headers: {
          authorization,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await server[Symbol.asyncDispose]()
      await identity[Symbol.asyncDispose]()
      await audit[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
      await upstream.destroy()
      await fake[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

function openBrowser(url: string): Browser {
  const cookies = new Map<string, string>()
  const ask = async (
    path: string,
    init: { method?: string; headers: Record<string, string>; body?: string },
  ): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = cookie === '' ? init.headers : { cookie, ...init.headers }
    const response = await plainFetch(`${url}${path}`, { ...init, headers })
    for (const line of response.headers.getSetCookie()) keepCookie(cookies, line)
    return response
  }
  const origin = { origin: url, 'sec-fetch-site': 'same-origin' }
  const page = { accept: 'text/html', 'sec-fetch-mode': 'navigate' }
  return {
    cookies,
    get: (path) => ask(path, { headers: page }),
    submit: (path, form, headers = {}) =>
      ask(path, {
        method: 'POST',
        headers: {
          ...page,
          ...origin,
          ...headers,
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: new URLSearchParams(form).toString(),
      }),
    send: (method, path, body = {}) =>
      ask(path, {
        method,
        headers: {
          ...origin,
          'sec-fetch-mode': 'cors',
          'content-type': 'application/json',
          'x-soen-csrf': cookies.get('mlflow-request-header-X-Soen-Csrf') ?? '',
        },
        body: JSON.stringify(body),
      }),
  }
}

function keepCookie(cookies: Map<string, string>, line: string): void {
  const [pair = '', ...attributes] = line.split('; ')
  const [name = '', value = ''] = pair.split('=')
  if (attributes.includes('Max-Age=0')) cookies.delete(name)
  else cookies.set(name, value)
}
