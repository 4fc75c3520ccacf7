import type { Level } from '../routes/rule.ts'
import { roles } from '../identity/user.ts'
import type { Role } from '../identity/user.ts'
import type { Check } from './check.ts'

/** The least role that a level needs on the whole server; undefined where no role is enough. */
const leastRoles: Readonly<Record<Level, Role | undefined>> = {
  public: 'viewer',
  auth: 'viewer',
  read: 'viewer',
  scope: 'viewer',
  create: 'member',
  edit: 'member',
  manage: 'maintainer',
  admin: 'admin',
  deny: undefined,
}

/** The least role that a level needs on the whole server; undefined where no role is enough. */
export function leastRole(level: Level): Role | undefined {
  return leastRoles[level]
}

/** Whether a role may do what another may. */
export function isAtLeast(role: Role, least: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(least)
}

/** Who may call a route at all. */
export const roleCheck: Check = {
  needs: 'route',
  refusal({ role }, { route: { name, rule } }) {
    const least = leastRole(rule.level)
    if (least !== undefined && isAtLeast(role, least)) return undefined
    const reason =
      least === undefined ? 'Nobody may do this.' : `This needs the role ${least}; you are ${role}.`
    return { allowed: false, rule: name, reason, code: 'SOEN_ROLE_TOO_LOW' }
  },
}
