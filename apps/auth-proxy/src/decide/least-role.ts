import type { Level, Rule } from '../routes/rule.ts'
import { roles } from '../identity/user.ts'
import type { Role, User } from '../identity/user.ts'
import type { Check, Decision } from './check.ts'

/** The lowest role that a level requires on the whole server; undefined where no role is enough. */
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

/** The lowest role that a level requires on the whole server; undefined where no role is enough. */
export function leastRole(level: Level): Role | undefined {
  return leastRoles[level]
}

/** Whether a role includes another. */
export function isAtLeast(role: Role, least: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(least)
}

function reaches(role: Role, level: Level | undefined): boolean {
  const least = level && leastRole(level)
  return least !== undefined && isAtLeast(role, least)
}

/** Whether the caller may do this to their own things only. */
export function isUpToOwner({ role }: User, { level, levelForOwn }: Rule): boolean {
  return !reaches(role, level) && reaches(role, levelForOwn)
}

/** Whether the caller's role may call the route at all. */
export const roleCheck: Check = {
  needs: 'route',
  refusal: ({ role }, { route: { name, rule } }) =>
    reaches(role, rule.level) || reaches(role, rule.levelForOwn) ? undefined : refused(role, name, rule),
}

/** Refuses callers who may do this only to their own things, where something isn't theirs. */
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
