import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildSite } from '../pages/site.ts'
import { noSetup } from '../actions/setup.ts'
import { openSite } from '../testing/open-site.ts'
import type { OpenSite } from '../testing/open-site.ts'
import { actionOf } from './own-route.ts'
import { whoAmI } from './who-am-i.ts'
import { findDestination } from './find-destination.ts'
import type { Destination } from './find-destination.ts'
import { routesOf } from '../routes/route.ts'
import { Router } from '../routes/router.ts'
import { rules } from '../routes/rules.ts'

describe('the table of everything that a request can be for', () => {
  let site: OpenSite
  let router: Router<Destination>
  beforeAll(async () => {
    site = await openSite()
    const { routes } = buildSite(site.identity, noSetup)
    router = new Router<Destination>([...routesOf(rules), ...whoAmI, ...routes])
  })
  afterAll(() => site[Symbol.asyncDispose]())
  const find = (method: string, path: string): string | undefined => {
    const { route } = findDestination(router, method, path)
    return route.kind === 'own' ? actionOf(route, method) : route.name
  }

  it.each([
    ['GET', '/_soen/users', 'GET (page)'],
    ['POST', '/_soen/users/add', 'POST /_soen/users/add'],
    ['POST', '/_soen/users/nothing', 'POST (page)'],
    ['GET', '/_soen/api/users', 'GET /_soen/api/users'],
    ['HEAD', '/_soen/api/users', 'HEAD (page)'],
    ['POST', '/_soen/api/users/ada/unlock', 'POST /_soen/api/users/{name}/unlock'],
    ['PUT', '/_soen/api/users/ada', 'PUT (page)'],
    ['DELETE', '/_soen/api/nothing/at/all', 'DELETE (page)'],
    [
      'PATCH',
      '/ajax-api/2.0/mlflow/users/update-password',
      'PATCH /ajax-api/2.0/mlflow/users/update-password',
    ],
    ['GET', '/_soen/whoami', undefined],
    ['GET', '/ajax-api/2.0/mlflow/runs/get', 'GET {api}/2.0/mlflow/runs/get'],
  ])('names what %s %s does, without the values in the path', (method, path, name) => {
    expect(find(method, path)).toBe(name)
  })

  it('has nothing of MLflow below our own prefix', () => {
    for (const path of ['/_soen/version', '/_soen/api/2.0/mlflow/runs/get', '/_soen/graphql']) {
      expect(find('GET', path)).toBe('GET (page)')
    }
    expect(() => find('GET', '/_soenx')).toThrow(expect.objectContaining({ code: 'SOEN_NOT_FOUND' }))
  })
})
