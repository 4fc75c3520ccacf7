import { expect, it } from 'vitest'
import type { Principal } from '../identity/principal.ts'
import { isAdmin, requireAdmin, requireOther, requirePerson } from './permissions.ts'

const admin: Principal = { name: 'ada', role: 'admin', isLegacy: false, credential: { kind: 'password' } }
const code = (name: string): object => expect.objectContaining({ code: name })

it('lets admins manage accounts, but not maintainers, and not a shared password', () => {
  expect(isAdmin(admin)).toBe(true)
  for (const other of [{ role: 'maintainer' as const }, { isLegacy: true }])
    expect(() => requireAdmin({ ...admin, ...other })).toThrow(code('SOEN_ADMIN_ONLY'))
})

it('wants more than a token for what would outlive it', () => {
  const byToken: Principal = { ...admin, credential: { kind: 'token', id: 't', name: 'laptop' } }
  expect(() => requirePerson(byToken)).toThrow(code('SOEN_TOKEN_NOT_ENOUGH'))
  expect(() => requirePerson(admin)).not.toThrow()
})

it('keeps admins from taking their own rights', () => {
  expect(() => requireOther(admin, 'ada')).toThrow(code('SOEN_OWN_ACCOUNT'))
  expect(() => requireOther(admin, 'bob')).not.toThrow()
})
