import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { openSite } from '../testing/open-site.ts'

const admin = { name: 'ada', password: 'correct horse' }

describe('a new server', () => {
  it('leads a browser to the set-up page, and its first admin to sign in', async () => {
    await using site = await openSite({ isNew: true })
    const browser = site.browser()
    expect((await browser.get('/')).headers.get('location')).toBe('/_soen/setup')
    expect((await browser.get('/_soen/setup')).status).toBe(200)
    const secret = await readFile(site.setupFile, 'utf8')
    const made = await browser.submit('/_soen/setup', { ...admin, secret })
    expect([made.status, made.headers.get('location')]).toEqual([303, '/_soen/sign-in?done=set-up'])
    await browser.submit('/_soen/sign-in', admin)
    expect(await (await browser.get('/_soen/whoami')).json()).toEqual({ user: 'ada', role: 'admin' })
    expect((await browser.get('/_soen/setup')).headers.get('location')).toBe('/_soen/sign-in')
  })

  it('takes no other secret, and says what is wrong with a password', async () => {
    await using site = await openSite({ isNew: true })
    const browser = site.browser()
    const guessed = await browser.submit('/_soen/setup', { ...admin, secret: 'guess' })
    expect([guessed.status, await guessed.text()]).toEqual([
      401,
      expect.stringContaining('not the set-up secret'),
    ])
    const secret = await readFile(site.setupFile, 'utf8')
    const short = await browser.submit('/_soen/setup', { name: 'ada', password: 'short', secret })
    expect(await short.text()).toContain('fewer than 8 characters')
    expect((await browser.get('/')).headers.get('location')).toBe('/_soen/setup')
  })
})

it('cannot be set up a second time', async () => {
  await using site = await openSite()
  const answer = await site.browser().submit('/_soen/setup', { ...admin, secret: '' })
  expect(answer.status).toBe(401)
  expect((await site.browser().get('/')).headers.get('location')).toBe('/_soen/sign-in?return=%2F')
})
