import { describe, expect, it } from 'vitest'
import { routesOf } from './route.ts'
import { Router } from './router.ts'
import type { Rule, RuleArea } from './rule.ts'

const rule: Rule = { level: 'read' }
const area = (...names: string[]): RuleArea => Object.fromEntries(names.map((name) => [name, rule]))
const router = new Router(
  routesOf(
    area(
      'GET /',
      'GET {api}/t/search',
      'GET {api}/t/{id}',
      'DELETE {api}/t/{id}',
      'POST {api}/t/{id}/tags',
      'GET /ajax-api/only',
      'GET /files/{path:path}',
      'GET /servers/{name:path}',
      'GET /servers/{name:path}/aliases/{alias}',
      'POST /models/{name}:generate',
      'POST /models/{name}',
      'POST /jobs/',
    ),
  ),
)

function find(request: string): unknown {
  const [method = '', path = ''] = request.split(' ')
  const match = router.match(method, path.slice(1).split('/'))
  return match && [match.route.name, match.params]
}

describe('a route', () => {
  it.each([
    ['GET /', 'GET /', {}],
    ['GET /api/t/search', 'GET {api}/t/search', {}],
    ['GET /ajax-api/t/search', 'GET {api}/t/search', {}],
    ['GET /api/t/tr-1', 'GET {api}/t/{id}', { id: 'tr-1' }],
    ['DELETE /api/t/search', 'DELETE {api}/t/{id}', { id: 'search' }],
    ['POST /api/t/search/tags', 'POST {api}/t/{id}/tags', { id: 'search' }],
    ['GET /ajax-api/only', 'GET /ajax-api/only', {}],
    ['GET /files/a/b', 'GET /files/{path:path}', { path: 'a/b' }],
    ['GET /servers/a/b', 'GET /servers/{name:path}', { name: 'a/b' }],
    ['POST /models/x:generate', 'POST /models/{name}:generate', { name: 'x' }],
    ['POST /models/x:other', 'POST /models/{name}', { name: 'x:other' }],
    ['POST /jobs/', 'POST /jobs/', {}],
  ])('is found for %s', (request, name, params) => {
    expect(find(request)).toEqual([name, params])
  })

  it.each([
    'POST /',
    'GET /api/only',
    'GET /api/t',
    'GET /api/t/',
    'GET /api/t/a/b',
    'GET /files',
    'POST /jobs',
    'GET /API/t/search',
    'GET /{api}/t/search',
    'GET /__proto__',
  ])('is not found for %s', (request) => {
    expect(find(request)).toBeUndefined()
  })

  it('is told from a method that it does not have', () => {
    expect(router.hasPath(['api', 't', 'search'])).toBe(true)
    expect(router.hasPath(['api', 'nothing'])).toBe(false)
  })
})
