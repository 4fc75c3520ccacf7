import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { basic } from '../testing/auth-proxy.ts'
import { openSite } from '../testing/open-site.ts'
import type { OpenSite } from '../testing/open-site.ts'
import { plainFetch } from '../testing/plain-fetch.ts'

const run = (number: number): string => String(number).padStart(32, '0')
let site: OpenSite
beforeAll(async () => {
  site = await openSite()
  for (let number = 0; number < 7; number += 1) {
    await plainFetch(`${site.url}/api/2.0/mlflow/runs/update`, {
      method: 'POST',
      headers: { authorization: basic('bob'), 'content-type': 'application/json' },
      body: JSON.stringify({ run_id: run(number) }),
    })
  }
  await site.api('bob', 'GET', '/users')
  await site.audit.flush()
})
afterAll(() => site[Symbol.asyncDispose]())

interface Page {
  readonly records: readonly Record<string, unknown>[]
  readonly next?: string
}

async function ask(query: string, user = 'ada'): Promise<Page> {
  return JSON.parse(await (await site.api(user, 'GET', `/audit?${query}`)).text())
}

describe('GET /_soen/api/audit', () => {
  it('is for admins', async () => {
    expect((await site.api('bob', 'GET', '/audit')).status).toBe(403)
    expect((await site.api('ada', 'GET', '/audit')).status).toBe(200)
  })

  it('finds what touched one run, in words too', async () => {
    const { records } = await ask(`run=${run(3)}`)
    expect(records).toMatchObject([
      {
        actor: 'bob',
        action: 'POST {api}/2.0/mlflow/runs/update',
        subjects: [{ kind: 'run', value: run(3) }],
      },
    ])
    expect(records[0]?.['sentence']).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC {2}bob changed run 0{31}3 \(password, from 127\.0\.0\.1\) → 200 {2}\[POST runs\/update\]$/,
    )
  })

  it('gives all of them, a page at a time, and none twice', async () => {
    const found: unknown[] = []
    let next: string | undefined = ''
    while (next !== undefined) {
      const page: Page = await ask(`user=bob&action=RUNS/UPDATE&limit=3&cursor=${next}`)
      expect(page.records.length).toBeLessThanOrEqual(3)
      found.push(...page.records.map(({ subjects }) => subjects))
      next = page.next
    }
    const expected = [6, 5, 4, 3, 2, 1, 0].map((number) => [{ kind: 'run', value: run(number) }])
    expect(found).toEqual(expected)
  })

  it('finds refusals, and what was in a span of time', async () => {
    expect((await ask('denied=true&action=api/users')).records).toMatchObject([
      { actor: 'bob', code: 'SOEN_ADMIN_ONLY', action: 'GET /_soen/api/users' },
    ])
    expect((await ask('until=2020-01-01')).records).toEqual([])
    expect((await ask('since=1h&user=Bob&action=update')).records).toHaveLength(7)
  })

  it.each(['since=soon', 'limit=0', 'cursor=x'])('says what is wrong with %s', async (query) => {
    const answer = await site.api('ada', 'GET', `/audit?${query}`)
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain('SOEN_AUDIT_FILTER_INVALID')
  })

  it.each(["' OR 1=1 --", '%', '__', '!'])('takes %s for a text to look for', async (action) => {
    expect((await ask(`action=${encodeURIComponent(action)}`)).records).toEqual([])
  })
})

describe('GET /_soen/api/audit/verify', () => {
  it('says that all is whole, or where it is not', async () => {
    const verify = async (): Promise<unknown> =>
      JSON.parse(await (await site.api('ada', 'GET', '/audit/verify')).text())
    expect(await verify()).toMatchObject({ isIntact: true, flaws: [], folder: { path: site.auditFolder } })
    const { db } = site.identity.store
    await db.updateTable('audit').set({ actor: 'mallory' }).where('actor', '=', 'bob').execute()
    expect(await verify()).toMatchObject({
      isIntact: false,
      flaws: expect.arrayContaining([expect.objectContaining({ kind: 'altered' })]),
    })
    expect((await site.api('bob', 'GET', '/audit/verify')).status).toBe(403)
  })
})
