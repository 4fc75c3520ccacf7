import { testPassword } from '../auth-proxy.ts'
import { raw } from './hostile-request.ts'
import type { HostileRequest } from './hostile-request.ts'

/** A signed-in browser, as an attacker may know it. */
export interface Victim {
  /** Of this server, with its port. */
  readonly host: string
  /** Value of the session's cookie. */
  readonly session: string
  /** The token that only a page of this server can read. */
  readonly csrf: string
  /** The token of another signed-in user. */
  readonly foreignCsrf: string
}

const json = 'content-type: application/json'
const form = 'content-type: application/x-www-form-urlencoded'
const createRun = 'POST /ajax-api/2.0/mlflow/runs/create'
const byPage = ['sec-fetch-mode: navigate', 'accept: text/html']

/** Changes that a foreign page makes its visitor's browser send, and invalid sessions. */
export function hostileBrowsers({ host, session, csrf, foreignCsrf }: Victim): readonly HostileRequest[] {
  const own = `origin: http://${host}`
  const cookies = `cookie: soen=${session}; mlflow_user=bob`
  const send = (
    name: string,
    status: number,
    target: string,
    headers: readonly string[],
    body = '',
  ): HostileRequest => {
    // A read has no body, and must not claim one.
    const length = target.startsWith('GET ') ? [] : [`content-length: ${body.length}`]
    return raw(name, status, [`${target} HTTP/1.1`, `host: ${host}`, ...headers, ...length], body)
  }
  const change = (name: string, ...headers: string[]): HostileRequest =>
    send(name, 403, createRun, [cookies, json, ...headers], '{"experiment_id":"1"}')
  const nobody = (name: string, cookie: string): HostileRequest =>
    raw(`a session of ${name}`, 401, ['GET /version HTTP/1.1', `host: ${host}`, `cookie: ${cookie}`])

  const changes = [
    change('a change without a word where it comes from', `x-soen-csrf: ${csrf}`),
    change('a change of our own without the token', own),
    change('a change with an empty token', own, 'x-soen-csrf: '),
    change('a change with half a token', own, `x-soen-csrf: ${csrf.slice(0, -2)}`),
    change('a change with the token of somebody else', own, `x-soen-csrf: ${foreignCsrf}`),
    change('a change with the token twice', own, `x-soen-csrf: ${csrf}`, 'x-soen-csrf: x'),
    change('a change with the token under another name', own, `x_soen_csrf: ${csrf}`),
    change('a change with the token in its cookie alone', own, `x-csrf: ${csrf}`),
    change('a change with the session as its token', own, `x-soen-csrf: ${session}`),
    ...[
      'https://evil.example',
      'null',
      `http://${host}.evil.example`,
      `http://evil.example/${host}`,
      'http://127.0.0.1:1',
    ].map((origin) =>
      change(`a change from ${origin}, with the token`, `origin: ${origin}`, `x-soen-csrf: ${csrf}`),
    ),
    ...['cross-site', 'same-site'].map((site) =>
      change(
        `a change that is ${site}, with the token`,
        own,
        `sec-fetch-site: ${site}`,
        `x-soen-csrf: ${csrf}`,
      ),
    ),
    send('a delete by a link', 405, 'GET /ajax-api/2.0/mlflow/runs/delete?run_id=a', [cookies]),
    send('a change by an override of the method', 405, 'GET /ajax-api/2.0/mlflow/runs/create', [
      cookies,
      'x-http-method-override: POST',
    ]),
  ]

  const forms = [
    ['sign-out', ''],
    ['account/tokens', 'name=stolen&days=9'],
    ['account/password', `current=${encodeURIComponent(testPassword)}&password=another+password`],
    ['users/add', 'name=eve&role=admin&kind=person&password=a+password'],
    ['users/role', 'name=bob&role=admin'],
  ].flatMap(([path = '', fields = '']) => [
    send(
      `${path} by a form of another site`,
      403,
      `POST /_soen/${path}`,
      [cookies, form, 'origin: https://evil.example', 'sec-fetch-site: cross-site'],
      `csrf=${csrf}&${fields}`,
    ),
    send(`${path} by a form without the token`, 403, `POST /_soen/${path}`, [cookies, form, own], fields),
    send(
      `${path} by a form that hides where it is from`,
      403,
      `POST /_soen/${path}`,
      [cookies, form],
      `csrf=${csrf}&${fields}`,
    ),
  ])

  const signIns = ['https://evil.example', 'null', 'http://127.0.0.1:1'].flatMap((origin) => [
    send(
      `a sign-in as the attacker from ${origin}`,
      403,
      'POST /_soen/sign-in',
      [form, `origin: ${origin}`, ...byPage],
      `name=ada&password=${testPassword}`,
    ),
    send(
      `a set-up from ${origin}`,
      403,
      'POST /_soen/setup',
      [form, `origin: ${origin}`, ...byPage],
      'secret=x&name=eve&password=a+password',
    ),
  ])

  const sessions = [
    nobody('a made-up value', 'soen=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA; mlflow_user=bob'),
    nobody('no value', 'soen=; mlflow_user=bob'),
    nobody('half a value', `soen=${session.slice(0, -4)}; mlflow_user=bob`),
    nobody('a value and more', `soen=${session}x; mlflow_user=bob`),
    nobody('other capitals', `soen=${session.toUpperCase()}; mlflow_user=bob`),
    nobody('a quoted value', `soen="${session}"; mlflow_user=bob`),
    nobody(
      'an encoded value',
      `soen=%${session.charCodeAt(0).toString(16)}${session.slice(1)}; mlflow_user=bob`,
    ),
    nobody('two values', `soen=${session}; soen=x; mlflow_user=bob`),
    nobody('the name of https, without https', `__Host-soen=${session}; mlflow_user=bob`),
    nobody('other capitals in the name', `SOEN=${session}; mlflow_user=bob`),
    nobody('a name alone', 'mlflow_user=ada'),
    nobody('no cookie at all, malformed', ';;;=;==;soen'),
    raw('a cookie of control characters', 400, [
      'GET /version HTTP/1.1',
      `host: ${host}`,
      'cookie: soen=\u0001\u0002; mlflow_user=bob',
    ]),
    nobody('a very long cookie', `soen=${'a'.repeat(8000)}; mlflow_user=bob`),
    raw('a session that is sent as a token', 401, [
      'GET /version HTTP/1.1',
      `host: ${host}`,
      `authorization: Bearer ${session}`,
    ]),
    raw('a session beside a wrong password', 401, [
      'GET /version HTTP/1.1',
      `host: ${host}`,
      cookies,
      `authorization: Basic ${btoa('bob:a guess')}`,
    ]),
    raw('a session in the address', 401, [`GET /version?soen=${session} HTTP/1.1`, `host: ${host}`]),
  ]

  return [...changes, ...forms, ...signIns, ...sessions]
}

/** Foreign addresses to which sign-in pages have been made to redirect: GHSA-j7px-6hwj-hpjg and its relatives. */
export const placesElsewhere: readonly string[] = [
  'https://evil.example/',
  '//evil.example/',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '\t//evil.example',
  ' //evil.example',
  'javascript:alert(1)',
  'data:text/html,x',
  'evil.example',
  '@evil.example',
  '.evil.example',
  '/\r\nset-cookie: soen=x',
  '/%0d%0aset-cookie:x\u0000',
  '//\\/evil.example',
  'http:evil.example',
  '/\u2028/evil.example',
  '\u0000//evil.example',
]
