import { expect, it } from 'vitest'
import { countStatements, untilQuiet } from './testing/count-statements.ts'
import { openSite } from './testing/open-site.ts'

it('asks the database for nothing at a request by token, session or remembered password', async () => {
  await using site = await openSite()
  const browser = await site.signedIn('bob')
  const made = await site.api('ada', 'POST', '/tokens', { name: 'counted' })
  const { token }: { token: string } = JSON.parse(await made.text())
  const headers = { authorization: `Bearer ${token}` }
  await site.api('ada', 'GET', '/me')

  expect(await countStatements(() => site.api('ada', 'POST', '/tokens', { name: 'seen' }))).toBeGreaterThan(0)
  const ask = async (): Promise<void> => {
    const answers = [
      await fetch(`${site.url}/version`, { headers }),
      await browser.get('/version'),
      await site.api('ada', 'GET', '/me'),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
  }
  // The first requests after a change read it, and the audit writes down what it sees for the first time.
  await ask()
  await untilQuiet()
  const statements = await countStatements(async () => {
    for (let times = 0; times < 50; times += 1) await ask()
  })
  expect(statements).toBe(0)
})
