import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { basic } from '../testing/auth-proxy.ts'
import { openSite } from '../testing/open-site.ts'
import type { Browser, OpenSite } from '../testing/open-site.ts'
import { plainFetch } from '../testing/plain-fetch.ts'

let site: OpenSite
let ada: Browser
beforeAll(async () => {
  site = await openSite()
  ada = await site.signedIn('ada')
  for (let number = 0; number < 4; number += 1) {
    await plainFetch(`${site.url}/api/2.0/mlflow/registered-models/create`, {
      method: 'POST',
      headers: { authorization: basic('bob'), 'content-type': 'application/json' },
      body: JSON.stringify({ name: `<b>model</b> ${number}` }),
    })
  }
  await site.audit.flush()
})
afterAll(() => site[Symbol.asyncDispose]())

const path = '/_soen/audit'

describe('the audit page', () => {
  it('shows admins what happened, and nobody else', async () => {
    const page = await (await ada.get(path)).text()
    expect(page).toContain('bob created registered-model &lt;b&gt;model&lt;/b&gt; 3')
    expect(page).toContain('<a href="/_soen/audit"  aria-current="page">Audit</a>')
    const bob = await site.signedIn('bob')
    expect((await bob.get(path)).status).toBe(403)
    expect(await (await bob.get('/_soen/account')).text()).not.toContain(path)
    expect((await site.browser().get(path)).headers.get('location')).toContain('/_soen/sign-in')
  })

  it('keeps the filter in the address and in the form, and leads to what is older', async () => {
    const page = await (await ada.get(`${path}?user=bob&action=create&limit=3`)).text()
    expect(page).toContain('value="bob"')
    expect(page.match(/bob created/g)).toHaveLength(3)
    const older = /rel="next" href="(?<older>[^"]+)"/.exec(page)?.groups?.['older'] ?? ''
    expect(older).toMatch(/user=bob&amp;action=create&amp;limit=3&amp;cursor=/)
    const rest = await (await ada.get(older.replaceAll('&amp;', '&'))).text()
    expect(rest.match(/bob created/g)).toHaveLength(1)
    expect(rest).toContain('model&lt;/b&gt; 0')
    expect(rest).not.toContain('rel="next"')
  })

  it('says that nothing fits, and what cannot be read', async () => {
    expect(await (await ada.get(`${path}?user=nobody`)).text()).toContain('Nothing on record fits this.')
    const answer = await ada.get(`${path}?since=soon"><script>`)
    expect(answer.status).toBe(400)
    const page = await answer.text()
    expect(page).toContain('Write an age as 30m')
    expect(page).not.toContain('<script>')
  })
})
