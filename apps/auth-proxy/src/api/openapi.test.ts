import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { openSite } from '../testing/open-site.ts'
import { openApiDocument } from './openapi.ts'
import { apiRoutes } from './routes.ts'

describe('the OpenAPI file', () => {
  it('is what `soen-auth-proxy openapi` prints', async () => {
    const file = await readFile(new URL('../../openapi.json', import.meta.url), 'utf8')
    expect(JSON.parse(file)).toEqual(openApiDocument())
  })

  it('is served to whoever wants to read it', async () => {
    await using site = await openSite()
    const answer = await site.browser().get('/_soen/api/openapi.json')
    expect(await answer.json()).toEqual(JSON.parse(JSON.stringify(openApiDocument())))
  })

  it('names every route once, each with a summary', () => {
    const names = apiRoutes.map(({ method, path }) => `${method} ${path}`)
    expect(new Set(names).size).toBe(names.length)
    for (const { summary, path } of apiRoutes) {
      expect(summary).toMatch(/^[A-Z].*\.$/)
      expect(path).toMatch(/^\/_soen\/api\//)
    }
  })

  it('describes what is really answered', async () => {
    await using site = await openSite()
    await site.signedIn('ada')
    const call: Readonly<Record<string, unknown>> = {
      'POST /_soen/api/tokens': { name: 'x' },
      'POST /_soen/api/users': { name: 'eve', password: 'a password' },
      'PATCH /_soen/api/users/{name}': { role: 'viewer' },
    }
    for (const { method, path, output } of apiRoutes) {
      if (output === undefined) continue
      const place = path.replace('/_soen/api', '').replace('{name}', 'bob')
      const answer = await site.api('ada', method, place, call[`${method} ${path}`])
      expect(output.safeParse(await answer.json()), `${method} ${path}`).toMatchObject({ success: true })
    }
  })
})
