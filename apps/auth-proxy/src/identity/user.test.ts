import { describe, expect, it } from 'vitest'
import { isAccountName, isInForce, isRole, parseUserName, roleInForce, roles } from './user.ts'

describe('parseUserName', () => {
  it.each([
    ['ada', 'ada'],
    ['Ada.Lovelace@Example.org', 'ada.lovelace@example.org'],
    ['x', 'x'],
    ['a'.repeat(64), 'a'.repeat(64)],
  ])('writes %s as %s', (name, normalized) => {
    expect(parseUserName(name)).toBe(normalized)
    expect(isAccountName(normalized)).toBe(true)
  })

  it.each([
    '',
    'a:b',
    ' ada',
    'ada ',
    '-ada',
    'ada.',
    'a/b',
    'ädа',
    'a'.repeat(65),
    'mlflow-logged-out-x',
    '../x',
  ])('takes no %j', (name) => {
    expect(() => parseUserName(name)).toThrow(expect.objectContaining({ code: 'SOEN_USER_NAME_INVALID' }))
    expect(isAccountName(name)).toBe(false)
  })
})

describe('isRole', () => {
  it('knows the roles and no other word', () => {
    const words = ['viewer', 'member', 'maintainer', 'admin', 'root', '']
    expect(words.map(isRole)).toEqual([true, true, true, true, false, false])
  })
})

describe('roleInForce', () => {
  it('takes from a shared password what only admins may, and nothing else', () => {
    const legacyUntil = '2026-03-01T00:00:00.000Z'
    expect(roles.map((role) => roleInForce({ role }))).toEqual(roles)
    expect(roles.map((role) => roleInForce({ role, legacyUntil }))).toEqual([
      'viewer',
      'member',
      'maintainer',
      'maintainer',
    ])
  })
})

describe('isInForce', () => {
  const account = { name: 'admin', role: 'member', kind: 'person', isDisabled: false } as const

  it('shuts out who was disabled', () => {
    expect(isInForce(account, 0)).toBe(true)
    expect(isInForce({ ...account, isDisabled: true }, 0)).toBe(false)
  })

  it('ends a shared password at its time, not later', () => {
    const legacy = { ...account, legacyUntil: '2026-03-01T00:00:00.000Z' }
    const end = Date.parse(legacy.legacyUntil)
    expect([isInForce(legacy, end - 1), isInForce(legacy, end)]).toEqual([true, false])
  })
})
