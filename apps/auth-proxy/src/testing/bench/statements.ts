import { figure } from '@soen/testbed'
import type { Figure } from '@soen/testbed'
import { countStatements, untilQuiet } from '../count-statements.ts'
import { openSite } from '../open-site.ts'

const requests = 1000

/** How many statements a request sends to the front door's database; accounts and tokens are in memory. */
export async function measureStatements(): Promise<Figure[]> {
  await using site = await openSite()
  const browser = await site.signedIn('bob')
  const made = await site.api('ada', 'POST', '/tokens', { name: 'bench' })
  const { token }: { token: string } = JSON.parse(await made.text())
  const headers = { authorization: `Bearer ${token}` }
  const ways: Readonly<Record<string, () => Promise<Response>>> = {
    token: () => fetch(`${site.url}/version`, { headers }),
    session: () => browser.get('/version'),
  }
  const figures: Figure[] = []
  for (const [way, ask] of Object.entries(ways)) {
    // The first request after a change reloads it, and the audit records it.
    await ask()
    await untilQuiet()
    const statements = await countStatements(async () => {
      for (let sent = 0; sent < requests; sent += 1) {
        const { status } = await ask()
        if (status !== 200) throw new Error(`A request by ${way} was answered with ${status}.`)
      }
    })
    figures.push(
      figure({
        name: `SQL statements per request by ${way}`,
        unit: '',
        value: statements / requests,
        peer: {
          name: 'requests',
          value: requests,
        },
        goal: {
          of: 'value',
          atMost: 0,
        },
      }),
    )
  }
  return figures
}
