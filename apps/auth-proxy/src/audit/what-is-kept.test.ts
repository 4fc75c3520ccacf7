import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { basic, testPassword } from '../testing/auth-proxy.ts'
import { auditRecords } from '../testing/audit-records.ts'
import { openSite } from '../testing/open-site.ts'
import type { OpenSite } from '../testing/open-site.ts'
import { plainFetch } from '../testing/plain-fetch.ts'
import { sendRaw } from '../testing/raw-request.ts'
import { setUser } from '../identity/stored-users.ts'
import { hashPassword } from '../identity/password-hash.ts'
import type { AuditRecord } from './record.ts'

const run = '0123456789abcdef0123456789abcdef'
let site: OpenSite
beforeAll(async () => {
  site = await openSite()
  const passwordHash = await hashPassword(testPassword)
  await site.identity.store.change(async (db) => {
    await setUser(db, 'vic', { role: 'viewer', passwordHash })
    await setUser(db, 'team', { role: 'member', passwordHash, legacyUntil: '2999-01-01T00:00:00Z' })
  })
})
afterAll(() => site[Symbol.asyncDispose]())

let seen = 0
beforeEach(async () => {
  await site.audit.flush()
  seen = auditRecords(site.auditFolder).length
})

/** The records since the test began, without the sightings of programs. */
async function kept(): Promise<readonly AuditRecord[]> {
  await site.audit.flush()
  return auditRecords(site.auditFolder)
    .slice(seen)
    .filter(({ action }) => action !== 'sign in')
}

async function call(
  user: string,
  path: string,
  body: object | undefined,
  headers: Record<string, string> = {},
): Promise<number> {
  const { status } = await plainFetch(`${site.url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: basic(user),
      ...headers,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return status
}

const api = '/api/2.0/mlflow'

describe('the record of a request to MLflow', () => {
  it('says of a delete first that it was asked, then how it ended', async () => {
    expect(await call('ada', `${api}/runs/delete`, { run_id: run })).toBe(200)
    const [asked, done, ...others] = await kept()
    expect(others).toEqual([])
    expect(asked).toMatchObject({ asked: true, actor: 'ada', subjects: [{ kind: 'run', value: run }] })
    expect(asked?.status).toBeUndefined()
    expect(done).toMatchObject({
      actor: 'ada',
      via: 'password',
      allowed: true,
      status: 200,
      requestId: asked?.requestId,
      action: 'POST {api}/2.0/mlflow/runs/delete',
      rule: 'POST {api}/2.0/mlflow/runs/delete',
      address: '127.0.0.1',
      subjects: [
        {
          kind: 'run',
          value: run,
        },
      ],
      reason: 'admin may manage',
    })
    expect(done?.asked).toBeUndefined()
  })

  it('says who was refused what, by which rule, though the body was not to be read', async () => {
    expect(await call('vic', `${api}/runs/delete`, { run_id: run })).toBe(403)
    expect(await kept()).toMatchObject([
      {
        actor: 'vic',
        allowed: false,
        code: 'SOEN_ROLE_TOO_LOW',
        status: 403,
        rule: 'POST {api}/2.0/mlflow/runs/delete',
        subjects: [
          {
            kind: 'run',
            value: run,
          },
        ],
        reason: 'This needs the role maintainer; you are viewer.',
      },
    ])
  })

  it('says whose file was uploaded, by the place of the file', async () => {
    const path = `/api/2.0/mlflow-artifacts/artifacts/7/${run}/artifacts/model.ckpt`
    const headers = { authorization: basic('bob'), 'content-type': 'application/octet-stream' }
    await plainFetch(`${site.url}${path}`, { method: 'PUT', headers, body: 'weights' })
    expect(await kept()).toMatchObject([
      {
        actor: 'bob',
        subjects: [
          { kind: 'experiment', value: '7' },
          { kind: 'run', value: run },
          { kind: 'stored-path', value: `7/${run}/artifacts/model.ckpt` },
        ],
      },
    ])
  })

  it('sums up what a training sends by the thousand, per user and run', async () => {
    const other = run.replace('0', '9')
    for (const id of [run, run, run, other]) {
      await call('bob', `${api}/runs/log-batch`, { run_id: id, metrics: [], params: [], tags: [] })
    }
    await call('bob', `${api}/runs/log-metric`, { run_id: run, key: 'loss', value: 1, timestamp: 1 })
    const records = await kept()
    expect(records).toHaveLength(2)
    expect(records[0]).toMatchObject({
      actor: 'bob',
      count: 4,
      status: 200,
      subjects: [
        {
          kind: 'run',
          value: run,
        },
      ],
      actions: {
        'POST {api}/2.0/mlflow/runs/log-batch': 3,
        'POST {api}/2.0/mlflow/runs/log-metric': 1,
      },
    })
    expect(records[1]).toMatchObject({ count: 1, subjects: [{ kind: 'run', value: other }] })
  })

  it('is not made for reading', async () => {
    expect(await call('vic', `${api}/runs/get?run_id=${run}`, undefined)).toBe(200)
    expect(await call('vic', `${api}/runs/search`, { experiment_ids: ['1'] })).toBe(200)
    expect(await kept()).toEqual([])
  })

  it('is made once and then summed up for what is refused again and again', async () => {
    for (let attempt = 0; attempt < 5; attempt += 1) await plainFetch(`${site.url}/version`)
    const records = await kept()
    expect(records).toMatchObject([
      { code: 'SOEN_LOGIN_MISSING', allowed: false, status: 401 },
      { code: 'SOEN_LOGIN_MISSING', count: 4 },
    ])
    expect(records[0]?.count).toBeUndefined()
    expect(records[0]?.actor).toBeUndefined()
  })

  it('is not made for each of a thousand things that somebody may not have', async () => {
    for (let number = 0; number < 100; number += 1) {
      await call('vic', `${api}/runs/delete`, { run_id: String(number).padStart(32, 'f') })
    }
    const records = await kept()
    expect(records).toHaveLength(62)
    expect(records.at(-1)).toMatchObject({ actor: 'vic', count: 39, moreSubjects: 20 })
  })

  it('names so many subjects, and counts the others', async () => {
    const request_ids = Array.from({ length: 600 }, (_, number) => `tr-${number}`)
    expect(await call('ada', `${api}/traces/delete-traces`, { experiment_id: '1', request_ids })).toBe(200)
    const [, done] = await kept()
    expect(done?.subjects).toHaveLength(500)
    expect(done?.moreSubjects).toBe(101)
  })

  it('names who was not let in only where there is such an account', async () => {
    for (const user of ['bob', 'my-real-password']) {
      const headers = { authorization: basic(user, 'wrong password') }
      await plainFetch(`${site.url}/version`, { headers })
    }
    const records = await kept()
    expect(records.map(({ actor, code }) => [actor, code])).toEqual([
      ['bob', 'SOEN_LOGIN_WRONG'],
      [undefined, 'SOEN_LOGIN_WRONG'],
    ])
  })

  it('says that a shared password was used', async () => {
    await call('team', `${api}/runs/create`, { experiment_id: '3' })
    expect(await kept()).toMatchObject([{ actor: 'team', via: 'shared password' }])
  })

  it('is there for bytes that are no request, and for paths that nobody has, without them', async () => {
    await plainFetch(`${site.url}/secret-in-a-path`, { headers: { authorization: basic('bob') } })
    await sendRaw(Number(new URL(site.url).port), ['GET / HTTP/1.1', 'no header'])
    expect(await kept()).toMatchObject([
      { action: 'GET (no such route)', code: 'SOEN_NOT_FOUND', allowed: false, actor: 'bob' },
      { action: '(no request)', code: 'SOEN_REQUEST_MALFORMED', allowed: false, address: '127.0.0.1' },
    ])
  })

  it('names who asked for a part of MLflow that is off, and for which', async () => {
    const route = 'GET /ajax-api/3.0/mlflow/gateway/supported-models'
    await plainFetch(site.url + route.slice('GET '.length), { headers: { authorization: basic('bob') } })
    expect(await kept()).toMatchObject([{ action: route, code: 'SOEN_FEATURE_OFF', actor: 'bob' }])
  })

  it('is there for a type that cannot be read, and for a method that nobody has', async () => {
    const port = Number(new URL(site.url).port)
    const body = ['host: localhost', 'content-type: nonsense', 'content-length: 1']
    await sendRaw(port, ['POST /version HTTP/1.1', ...body], 'x')
    for (const target of ['PROPFIND /version', 'QUERY /version', 'CONNECT localhost:80']) {
      await sendRaw(port, [`${target} HTTP/1.1`, 'host: localhost'])
    }
    const refused = { allowed: false, address: '127.0.0.1' }
    const byMethod = { ...refused, code: 'SOEN_METHOD_NOT_ALLOWED', status: 405 }
    expect(await kept()).toMatchObject([
      { ...refused, action: 'POST (no such route)', code: 'SOEN_BODY_TYPE', status: 415 },
      { ...byMethod, action: 'PROPFIND (no such route)' },
      { ...byMethod, action: 'QUERY (no such route)' },
      { ...byMethod, action: '(no request)' },
    ])
  })
})

describe('the record of who came', () => {
  it('notes programs once in a while instead of at each request', async () => {
    const { text, id } = await newToken('bob', 'cluster')
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await plainFetch(`${site.url}/version`, { headers: { authorization: `Bearer ${text}` } })
    }
    await site.audit.flush()
    const came = auditRecords(site.auditFolder).filter(({ credential }) => credential === id)
    expect(came).toMatchObject([{ action: 'sign in', actor: 'bob', via: 'token', token: 'cluster' }])
  })

  it('has every sign-in and sign-out of a browser, also those that fail', async () => {
    const browser = await site.signedIn('bob')
    await browser.submit('/_soen/sign-in', { name: 'bob', password: 'not this one' })
    const page = await (await browser.get('/_soen/account')).text()
    const csrf = /name="csrf" value="(?<csrf>[^"]+)"/.exec(page)?.groups?.['csrf'] ?? ''
    await browser.submit('/_soen/sign-out', { csrf })
    const records = await kept()
    expect(records.map(({ action, actor, allowed, code }) => [action, actor, allowed, code])).toEqual([
      ['POST /_soen/sign-in', 'bob', true, undefined],
      ['POST /_soen/sign-in', 'bob', false, 'SOEN_LOGIN_WRONG'],
      ['POST /_soen/sign-out', 'bob', true, undefined],
    ])
    expect(records[0]?.subjects).toMatchObject([{ kind: 'session' }])
  })

  it("has the sign-out by MLflow's own menu", async () => {
    const browser = await site.signedIn('bob')
    browser.cookies.delete('mlflow_user')
    await browser.get('/ajax-api/2.0/mlflow/users/current')
    expect((await kept()).at(-1)).toMatchObject({ action: 'sign out', actor: 'bob', allowed: true })
  })
})

describe('the record of accounts', () => {
  it('says who made, changed and removed whom, by the API and on the pages', async () => {
    await site.api('ada', 'POST', '/users', { name: 'Eve', password: testPassword })
    await site.api('ada', 'PATCH', '/users/eve', { role: 'viewer' })
    await site.api('bob', 'DELETE', '/users/eve')
    await site.api('ada', 'DELETE', '/users/eve')
    const records = (await kept()).filter(({ asked }) => asked !== true)
    expect(records.map(({ action, actor, status, subjects }) => [action, actor, status, subjects])).toEqual([
      ['POST /_soen/api/users', 'ada', 200, [{ kind: 'user', value: 'eve' }]],
      ['PATCH /_soen/api/users/{name}', 'ada', 200, [{ kind: 'user', value: 'eve' }]],
      ['DELETE /_soen/api/users/{name}', 'bob', 403, []],
      ['DELETE /_soen/api/users/{name}', 'ada', 204, [{ kind: 'user', value: 'eve' }]],
    ])
  })

  it('says which token was made and revoked, and keeps its text nowhere', async () => {
    const { id, text } = await newToken('bob', 'laptop')
    await site.api('bob', 'DELETE', `/tokens/${id}`)
    const records = (await kept()).filter(({ asked }) => asked !== true)
    expect(records.map(({ action, subjects }) => [action, subjects])).toEqual([
      ['POST /_soen/api/tokens', expect.arrayContaining([{ kind: 'token', value: id }])],
      ['DELETE /_soen/api/tokens/{id}', [{ kind: 'token', value: id }]],
    ])
    expect(JSON.stringify(records)).not.toContain(text)
  })
})

async function newToken(owner: string, name: string): Promise<{ id: string; text: string }> {
  const { id, token } = JSON.parse(await (await site.api(owner, 'POST', '/tokens', { name })).text())
  return { id, text: token }
}
