import type { Level, Rule } from '../routes/rule.ts'
import { roles } from '../identity/user.ts'
import type { Role, User } from '../identity/user.ts'
import type { Check, Decision } from './check.ts'

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

function reaches(role: Role, level: Level | undefined): boolean {
  const least = level && leastRole(level)
  return least !== undefined && isAtLeast(role, least)
}

/** Whether somebody may do it to what is their own, and to nothing else. */
export function isUpToOwner({ role }: User, { level, levelForOwn }: Rule): boolean {
  return !reaches(role, level) && reaches(role, levelForOwn)
}

/** Who may call a route at all. */
export const roleCheck: Check = {
  needs: 'route',
  refusal: ({ role }, { route: { name, rule } }) =>
    reaches(role, rule.level) || reaches(role, rule.levelForOwn) ? undefined : refused(role, name, rule),
}

/** Who may do it only to what is their own. */
export const ownerCheck: Check = {
  needs: 'call',
  refusal: (user, { route: { name, rule }, isOwn = false }) =>
    isOwn || !isUpToOwner(user, rule) ? undefined : refused(user.role, name, rule),
}

function refused(role: Role, route: string, { level, levelForOwn }: Rule): Decision {
  const least = leastRole(level)
  const orOwn = reaches(role, levelForOwn) ? ', or that it is your own' : ''
  const reason =
    least === undefined ? 'Nobody may do this.' : `This needs the role ${least}${orOwn}; you are ${role}.`
  return { allowed: false, rule: route, reason, code: 'SOEN_ROLE_TOO_LOW' }
}
