import { expect, it } from 'vitest'
import { readCookie, signInCookies, signOutCookies } from './cookies.ts'

const name = (cookie: string): string => cookie.split('=')[0] ?? ''
const values = { session: 's', csrf: 'c', signedIn: 'ada' }

it('binds the session to this host by https, out of reach of scripts and other sites', () => {
  expect(signInCookies(values, true, 7000)).toEqual([
    '__Host-soen=s; HttpOnly; Path=/; SameSite=Lax; Max-Age=7; Secure',
    'mlflow-request-header-X-Soen-Csrf=c; Path=/; SameSite=Lax; Max-Age=7; Secure',
    'mlflow_user=ada; Path=/; SameSite=Lax; Max-Age=7; Secure',
  ])
})

it('does what can be done on loopback without TLS', () => {
  expect(signInCookies(values, false, 7000)[0]).toBe('soen=s; HttpOnly; Path=/; SameSite=Lax; Max-Age=7')
})

it('takes back every cookie that it gave', () => {
  const given = signInCookies(values, true, 1).map(name)
  expect(signOutCookies(true).map(name)).toEqual(given)
  for (const cookie of signOutCookies(true)) expect(cookie).toMatch(/^[^=]+=; .*Max-Age=0/)
})

it.each([
  [undefined, undefined],
  ['', undefined],
  ['a=1', '1'],
  ['b=2; a=1', '1'],
  ['ba=2', undefined],
  ['a=1;a=1', undefined],
  ['a=x=y', 'x=y'],
  ['a', undefined],
])('reads a from %j as %j', (header, value) => {
  expect(readCookie(header, 'a')).toBe(value)
})
