import { expect, it } from 'vitest'
import { readToken } from './token.ts'
import { orderToken } from './token-order.ts'
import type { Account } from './user.ts'

const now = new Date('2026-06-01T00:00:00Z')
const ada: Account = { name: 'ada', role: 'member', kind: 'person', isDisabled: false }
const ci: Account = { ...ada, name: 'ci', kind: 'service' }

it('makes a token that can be read and is kept as a digest', () => {
  const { text, stored } = orderToken(ada, { name: ' laptop ' }, now)
  expect(readToken(text)).toEqual({ id: stored.id, sha256: stored.sha256 })
  expect(stored).toMatchObject({ owner: 'ada', name: 'laptop', createdAt: now.toISOString() })
  expect(JSON.stringify(stored)).not.toContain(text)
})

it.each([
  [undefined, '2026-08-30T00:00:00.000Z'],
  [1, '2026-06-02T00:00:00.000Z'],
  [366, '2027-06-02T00:00:00.000Z'],
])('lets it expire after %s days', (days, expiresAt) => {
  const order = days === undefined ? { name: 'x' } : { name: 'x', days }
  expect(orderToken(ada, order, now).stored.expiresAt).toBe(expiresAt)
})

it.each([0, -1, 367, 1.5, Number.NaN, 'never'] as const)('gives a person none for %s days', (days) => {
  expect(() => orderToken(ada, { name: 'x', days }, now)).toThrow(
    expect.objectContaining({ code: 'SOEN_TOKEN_EXPIRY_INVALID' }),
  )
})

it('gives a program one that never expires, if that is wanted', () => {
  expect(orderToken(ci, { name: 'x', days: 'never' }, now).stored).not.toHaveProperty('expiresAt')
  expect(orderToken(ci, { name: 'x' }, now).stored.expiresAt).toBe('2026-08-30T00:00:00.000Z')
})

it.each(['', '  ', 'x'.repeat(65), 'tab\there'])('takes %j for no name', (name) => {
  expect(() => orderToken(ada, { name }, now)).toThrow(
    expect.objectContaining({ code: 'SOEN_TOKEN_NAME_INVALID' }),
  )
})

it.each([
  ['share a password', { legacyUntil: '2027-01-01T00:00:00.000Z' }],
  ['are disabled', { isDisabled: true }],
])('makes none for accounts that %s', (_case, change) => {
  expect(() => orderToken({ ...ada, ...change }, { name: 'x' }, now)).toThrow(
    expect.objectContaining({ code: 'SOEN_TOKEN_OWNER_INVALID' }),
  )
})
