import { describe, expect, it } from 'vitest'
import { roles } from '../identity/user.ts'
import type { Role } from '../identity/user.ts'
import { rules } from '../routes/rules.ts'
import { decide, decideRoute } from './decide.ts'
import type { Asked, Decision } from './check.ts'

const asking = (name: string, body?: Asked['body']): Asked => {
  const rule = rules[name]
  if (rule === undefined) throw new Error(`There is no rule ${name}.`)
  return { route: { name, rule }, body }
}
const decideFor = (role: Role, asked: Asked): Decision => decide({ name: 'bob', role }, asked)
const allowedRoles = (asked: Asked): Role[] => roles.filter((role) => decideFor(role, asked).allowed)

describe('decide', () => {
  it.each([
    ['GET {api}/2.0/mlflow/runs/get', ['viewer', 'member', 'maintainer', 'admin']],
    ['POST {api}/2.0/mlflow/runs/search', ['viewer', 'member', 'maintainer', 'admin']],
    ['POST {api}/2.0/mlflow/runs/create', ['member', 'maintainer', 'admin']],
    ['POST {api}/2.0/mlflow/experiments/create', ['member', 'maintainer', 'admin']],
    ['POST {api}/2.0/mlflow/runs/delete', ['maintainer', 'admin']],
    ['POST {api}/2.0/mlflow/experiments/restore', ['maintainer', 'admin']],
    ['DELETE {api}/2.0/mlflow-artifacts/artifacts/{artifact_path:path}', ['maintainer', 'admin']],
    ['POST {api}/2.0/mlflow/webhooks', ['admin']],
    ['GET /graphql', []],
  ])('opens %s to %j', (name, expected) => {
    expect(allowedRoles(asking(name))).toEqual(expected)
  })

  it('lets a member do to their own what else needs a maintainer, a viewer nothing', () => {
    const asked = asking('POST {api}/2.0/mlflow/runs/delete')
    expect(decideRoute({ name: 'bob', role: 'member' }, asked).allowed).toBe(true)
    expect(decideRoute({ name: 'bob', role: 'viewer' }, asked).allowed).toBe(false)
    expect(allowedRoles({ ...asked, isOwn: true })).toEqual(['member', 'maintainer', 'admin'])
    expect(decideFor('member', { ...asked, isOwn: true }).reason).toBe('member may manage their own')
    expect(decideFor('member', asked)).toEqual({
      allowed: false,
      rule: 'POST {api}/2.0/mlflow/runs/delete',
      reason: 'This needs the role maintainer, or that it is your own; you are member.',
      code: 'SOEN_ROLE_TOO_LOW',
    })
  })

  it('names the rule and the missing role', () => {
    expect(decideFor('member', asking('POST {api}/2.0/mlflow/experiments/delete'))).toEqual({
      allowed: false,
      rule: 'POST {api}/2.0/mlflow/experiments/delete',
      reason: 'This needs the role maintainer; you are member.',
      code: 'SOEN_ROLE_TOO_LOW',
    })
    expect(decideFor('viewer', asking('GET /version'))).toEqual({
      allowed: true,
      rule: 'GET /version',
      reason: 'viewer may auth',
    })
  })

  it('names the policy that a body breaks', () => {
    const asked = asking('POST {api}/2.0/mlflow/experiments/create', { artifact_location: 'file:///etc' })
    expect(decideFor('maintainer', asked)).toEqual({
      allowed: false,
      rule: 'POST {api}/2.0/mlflow/experiments/create (artifact location)',
      reason: expect.any(String),
      code: 'SOEN_LOCATION_ADMIN_ONLY',
    })
    expect(allowedRoles(asked)).toEqual(['admin'])
  })

  it('refuses at the first moment what the route forbids, and leaves to the second what the body says', () => {
    const create = 'POST {api}/2.0/mlflow/experiments/create'
    const asked = asking(create, { artifact_location: 'file:///etc' })
    const codes = (role: Role): unknown[] => {
      const user = { name: 'bob', role }
      return [decideRoute(user, asked).code, decide(user, asked).code]
    }
    expect(codes('viewer')).toEqual(['SOEN_ROLE_TOO_LOW', 'SOEN_ROLE_TOO_LOW'])
    expect(codes('member')).toEqual([undefined, 'SOEN_LOCATION_ADMIN_ONLY'])
  })

  it('decides a GraphQL query again by the route that it stands for', () => {
    const query = asking('POST /graphql').route
    const user = { name: 'vic', role: 'viewer' } as const
    expect(decideRoute(user, { route: query }).allowed).toBe(true)
    const twin = { route: { ...query, rule: { ...query.rule, level: 'manage' } } } as const
    expect(decide(user, twin)).toMatchObject({ allowed: false, code: 'SOEN_ROLE_TOO_LOW' })
  })
})
