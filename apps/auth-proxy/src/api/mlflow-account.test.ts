import { describe, expect, it } from 'vitest'
import { testPassword } from '../testing/auth-proxy.ts'
import { openSite } from '../testing/open-site.ts'
import type { Browser } from '../testing/open-site.ts'

const path = '/ajax-api/2.0/mlflow/users/update-password'
const change = { username: 'bob', password: 'a new password', current_password: testPassword }

async function rolesOf(asker: Browser, name: string): Promise<unknown[]> {
  const answer = await asker.get(`/ajax-api/3.0/mlflow/users/roles/list?username=${name}`)
  return [answer.status, await answer.json()]
}

describe("MLflow's own account page", () => {
  it('changes the password that the front door knows, and signs out', async () => {
    await using site = await openSite()
    const browser = await site.signedIn('bob')
    expect((await browser.send('PATCH', path, change)).status).toBe(200)
    expect((await browser.get('/version')).status).toBe(303)
    expect((await site.api('bob', 'GET', '/me')).status).toBe(401)
    expect(site.upstream.hits).toEqual([])
  })

  it.each([
    ['for somebody else', { username: 'ada' }, 403],
    ['without the current password', { current_password: 'guess' }, 401],
    ['to one that is too short', { password: 'short' }, 400],
    ['with more than it should say', { is_admin: true }, 400],
  ])('does not change it %s', async (_case, wrong, status) => {
    await using site = await openSite()
    const browser = await site.signedIn('bob')
    expect((await browser.send('PATCH', path, { ...change, ...wrong })).status).toBe(status)
    expect((await site.api('bob', 'GET', '/me')).status).toBe(200)
    expect(site.upstream.hits).toEqual([])
  })

  it("finds one's own role, an admin everybody's, and no permission of MLflow", async () => {
    await using site = await openSite()
    const browser = await site.signedIn('bob')
    const member = { name: 'member', workspace: 'default' }
    expect(await rolesOf(browser, 'bob')).toMatchObject([200, { roles: [member] }])
    expect(await rolesOf(await site.signedIn('ada'), 'bob')).toMatchObject([200, { roles: [member] }])
    expect((await browser.get('/ajax-api/3.0/mlflow/users/roles/list?username=ada')).status).toBe(403)
    const permissions = await browser.get('/ajax-api/3.0/mlflow/users/current/permissions')
    expect([permissions.status, await permissions.json()]).toEqual([200, { permissions: [] }])
  })

  it('lists the accounts to an admin, and to nobody else', async () => {
    await using site = await openSite()
    const ask = async (name: string): Promise<Response> =>
      (await site.signedIn(name)).get('/ajax-api/2.0/mlflow/users/list')
    const answer = await ask('ada')
    expect(await answer.json()).toMatchObject({
      users: [
        { username: 'ada', is_admin: true, roles: [{ name: 'admin' }] },
        { username: 'bob', is_admin: false, roles: [{ name: 'member' }] },
      ],
    })
    expect((await ask('bob')).status).toBe(403)
  })
})
