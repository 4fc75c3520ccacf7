import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { basic, testPassword } from '../testing/auth-proxy.ts'
import { openSite } from '../testing/open-site.ts'
import { plainFetch } from '../testing/plain-fetch.ts'
import { sendRaw } from '../testing/raw-request.ts'

let planted = 0
const secrets: string[] = []

/** A text that must not occur anywhere afterwards. */
function secret(): string {
  const text = `S3cr3t${(planted += 1)}x${crypto.randomUUID().replaceAll('-', '')}`
  secrets.push(text)
  return text
}

it('holds no secret, whatever header, body, query, form or path one stands in', async () => {
  await using site = await openSite()
  const { url } = site
  const ask = (
    method: string,
    path: string,
    headers: Record<string, string> = {},
    body?: string,
  ): Promise<unknown> =>
    plainFetch(`${url}${path}`, { method, headers, ...(body === undefined ? {} : { body }) }).catch(() => {})
  const json = { 'content-type': 'application/json' }
  const bob = { authorization: basic('bob'), ...json }

  // Without a valid login, in every way to present one.
  await ask('GET', '/version', { authorization: basic(secret(), secret()) })
  await ask('GET', '/version', { authorization: basic('bob', secret()) })
  await ask('GET', '/version', { authorization: `Bearer ${secret()}` })
  await ask('GET', '/version', { authorization: `Bearer soen_${secret()}` })
  await ask('GET', '/version', { authorization: secret(), cookie: `soen=${secret()}` })
  await ask('GET', '/version', { cookie: `soen=${secret()}; mlflow_user=${secret()}` })

  // Signed in, with secrets wherever there is no id.
  const everywhere = [
    'x-api-key',
    'user-agent',
    'x-request-id',
    'x-forwarded-for',
    'referer',
    'cookie',
    'x-soen-csrf',
  ]
  const headers = Object.fromEntries(everywhere.map((name) => [name, secret()]))
  const body = {
    experiment_id: '1',
    run_name: secret(),
    user_id: secret(),
    tags: [
      {
        key: secret(),
        value: secret(),
      },
    ],
  }
  await ask(
    'POST',
    `/api/2.0/mlflow/runs/create?token=${secret()}`,
    { ...bob, ...headers },
    JSON.stringify(body),
  )
  await ask(
    'POST',
    '/api/2.0/mlflow/runs/log-batch',
    bob,
    JSON.stringify({ run_id: 'a'.repeat(32), params: [{ key: 'password', value: secret() }] }),
  )
  await ask(
    'POST',
    '/api/2.0/mlflow/runs/delete',
    bob,
    JSON.stringify({ run_id: 'a'.repeat(32), note: secret() }),
  )
  await ask('POST', '/api/2.0/mlflow/runs/delete', bob, `{"run_id": "${secret()} not an id"}`)
  await ask('POST', '/api/2.0/mlflow/runs/create', bob, secret())
  await ask('GET', `/${secret()}?${secret()}=${secret()}`, bob)
  await ask('GET', `/api/2.0/mlflow/runs/get?run_id=${'a'.repeat(32)}&x=${secret()}`, {
    ...bob,
    host: secret(),
  })
  await sendRaw(Number(new URL(url).port), ['GET / HTTP/1.1', secret()])

  // Our own pages and API.
  const browser = await site.signedIn('ada')
  const csrf = browser.cookies.get('mlflow-request-header-X-Soen-Csrf') ?? ''
  const session = browser.cookies.get('soen') ?? ''
  await browser.submit('/_soen/sign-in', { name: secret(), password: secret() })
  await browser.submit(`/_soen/sign-in?return=/${secret()}`, { name: 'ada', password: secret() })
  await browser.submit('/_soen/users/add', { csrf, name: 'eve', role: 'member', password: secret() })
  await browser.submit('/_soen/users/add', {
    csrf,
    name: ` ${secret()} `,
    role: 'member',
    password: secret(),
  })
  await browser.submit('/_soen/users/password', { csrf, name: secret(), password: secret() })
  await browser.submit('/_soen/account/tokens/revoke', { csrf, id: secret() })
  await browser.submit('/_soen/account/password', { csrf, current: secret(), password: secret() })
  await site.api('ada', 'DELETE', `/tokens/${secret()}`)
  await site.api('ada', 'DELETE', `/users/${secret()}`)
  await site.api('ada', 'POST', '/users', { name: secret(), password: 'short' })
  await site.api('ada', 'POST', '/tokens', { name: 'laptop', owner: secret() })
  await site.api('ada', 'PATCH', `/users/bob?${secret()}`, { password: secret() })
  const made = JSON.parse(await (await site.api('ada', 'POST', '/tokens', { name: 'laptop' })).text())

  await site.audit.flush()
  const rows = await site.identity.store.db.selectFrom('audit').selectAll().execute()
  const subjects = await site.identity.store.db.selectFrom('audit_subjects').selectAll().execute()
  const files = readdirSync(site.auditFolder).map((name) =>
    readFileSync(join(site.auditFolder, name), 'utf8'),
  )
  const all = JSON.stringify([rows, subjects, files])
  expect(rows.length).toBeGreaterThan(30)
  expect(secrets.length).toBeGreaterThan(40)
  const held = [...secrets, ...secrets.map(base64), testPassword, made.token, csrf, session]
  expect(held.filter((text) => all.toLowerCase().includes(text.toLowerCase()))).toEqual([])
})

function base64(text: string): string {
  return Buffer.from(text).toString('base64').replace(/=+$/, '')
}
