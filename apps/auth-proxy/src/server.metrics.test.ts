import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { openSite } from './testing/open-site.ts'
import type { OpenSite } from './testing/open-site.ts'
import { setUser } from './identity/stored-users.ts'

const elsewhere = { 'x-forwarded-for': '203.0.113.9' }

async function tokenOf(site: OpenSite, name: string): Promise<Record<string, string>> {
  const made = await site.api(name, 'POST', '/tokens', { name: 'scraper' })
  const { token }: { token: string } = JSON.parse(await made.text())
  return { authorization: `Bearer ${token}` }
}

const ask = (site: OpenSite, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${site.url}/metrics`, { headers })

describe('/metrics', () => {
  it('counts requests by route and class of status, and refusals by code, without a name of anybody', async () => {
    await using site = await openSite()
    const headers = await tokenOf(site, 'ada')
    const trace = '/api/3.0/mlflow/traces/tr-0123456789abcdef'
    for (let times = 0; times < 3; times += 1) await (await fetch(`${site.url}${trace}`, { headers })).text()
    await (await fetch(`${site.url}/version`)).text()
    await (await fetch(`${site.url}/nowhere/ada`, { headers })).text()
    await sleep(50)
    const answer = await ask(site)
    const text = await answer.text()
    expect(answer.headers.get('content-type')).toContain('text/plain; version=0.0.4')
    expect(text).toContain(
      'soen_http_request_duration_seconds_count{route="GET {api}/3.0/mlflow/traces/{trace_id}",status="2xx"} 3',
    )
    expect(text).toContain('soen_refusals_total{code="SOEN_LOGIN_MISSING"} 1')
    expect(text).toContain('soen_refusals_total{code="SOEN_NOT_FOUND"} 1')
    expect(text).toContain('soen_http_requests_in_flight 1')
    expect(text).toMatch(/^soen_users 2$/m)
    expect(text).toMatch(/^soen_tokens 1$/m)
    expect(text).toMatch(/^process_resident_memory_bytes \d+/m)
    expect(text).not.toMatch(/ada|bob|tr-0123|127\.0\.0\.1/)
  })

  it('is for programs on this machine, and from elsewhere for the token of an admin or a service', async () => {
    await using site = await openSite()
    await site.identity.store.change((db) => setUser(db, 'ci', { role: 'viewer', kind: 'service' }))
    const made = await site.api('ada', 'POST', '/tokens', { name: 'scraper', owner: 'ci' })
    const { token }: { token: string } = JSON.parse(await made.text())
    const asService = { authorization: `Bearer ${token}` }
    const [asAdmin, asMember] = [await tokenOf(site, 'ada'), await tokenOf(site, 'bob')]
    const byPassword = {
      authorization: `Basic ${Buffer.from('ada:correct horse: battery').toString('base64')}`,
    }
    const statuses = await Promise.all(
      [
        {},
        elsewhere,
        { ...elsewhere, ...asAdmin },
        { ...elsewhere, ...asService },
        { ...elsewhere, ...asMember },
        { ...elsewhere, ...byPassword },
        { forwarded: 'for=203.0.113.9' },
        { via: '1.1 proxy' },
      ].map(async (headers: Record<string, string>) => (await ask(site, headers)).status),
    )
    expect(statuses).toEqual([200, 401, 200, 200, 403, 403, 401, 401])
  })
})
