import { expect, it } from 'vitest'
import { isAtLeast, leastRole } from './least-role.ts'

it('gives every level the role that the platform promises', () => {
  const levels = ['public', 'auth', 'read', 'scope', 'create', 'edit', 'manage', 'admin', 'deny'] as const
  expect(levels.map(leastRole)).toEqual([
    'viewer',
    'viewer',
    'viewer',
    'viewer',
    'member',
    'member',
    'maintainer',
    'admin',
    undefined,
  ])
})

it('lets each role do what the lesser ones may', () => {
  expect(isAtLeast('admin', 'viewer')).toBe(true)
  expect(isAtLeast('maintainer', 'maintainer')).toBe(true)
  expect(isAtLeast('member', 'maintainer')).toBe(false)
  expect(isAtLeast('viewer', 'member')).toBe(false)
})
