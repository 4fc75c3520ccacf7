import { text } from 'node:stream/consumers'
import { answerApi } from '../api/api.ts'
import { routesAt } from '../api/routes.ts'
import type { FoundRoute } from '../api/routes.ts'
import type { SiteAnswer } from '../api/site-request.ts'
import { auditFolder } from '../audit/audit-settings.ts'
import { recorded } from '../audit/command-records.ts'
import type { Subject } from '../audit/record.ts'
import { siteAction } from '../audit/site-action.ts'
import { touchedByApi } from '../audit/touched.ts'
import { openIdentity } from '../identity/open-identity.ts'
import type { Principal } from '../identity/principal.ts'
import { Refusal } from '../refusals.ts'
import { openExistingStore, openStore } from '../store/open-store.ts'
import type { Command } from './command.ts'
import { readOptions, required } from './options.ts'

const options = { state: { type: 'string' }, 'audit-folder': { type: 'string' } } as const

/** Whoever can write the state may do everything. The brackets keep apart from a user's name. */
const operator: Principal = {
  ...{ name: '(operator)', role: 'admin', isLegacy: false },
  credential: { kind: 'operator' },
}

/**
 * `api METHOD PATH --state STATE [--audit-folder FOLDER]`: one call of the API below `/_soen/api/` on the state itself, with a JSON body
 * from stdin. Prints `{"status":200,"body":…}`; the exit code says whether it was done.
 */
export const api: Command = async (args, { stdin, stdout, stderr }) => {
  const { values, positionals } = readOptions(args, options, ['METHOD', 'PATH'])
  const [method = '', target = ''] = positionals
  const state = required(values.state, 'state')
  const { pathname, searchParams } = new URL(target, 'http://operator')
  // Only the first account may begin a state: elsewhere a mistyped name must not become a new, empty one.
  const isFirst = method === 'POST' && pathname === '/_soen/api/users'
  const found = routesAt(pathname).find(({ route }) => route.method === method)
  const typed = found?.route.input === undefined ? '' : await text(stdin)
  const deed = { action: siteAction(method, pathname), subjects: touchedByCommand(found, typed) }
  await using store = recorded(await (isFirst ? openStore(state) : openExistingStore(state)), deed)
  await using identity = await openIdentity(store, {
    onError: (error) => void stderr.write(`${String(error)}\n`),
  })
  const { status, body } = await answerInWords(() =>
    answerApi(identity, {
      ...{ method, path: pathname, query: searchParams, headers: { 'content-type': 'application/json' } },
      client: { address: 'local', isSecure: true },
      auditFolder: auditFolder(values['audit-folder'], state),
      readBody: async () => typed,
      authenticate: async () => operator,
    }),
  )
  stdout.write(`${JSON.stringify({ status, ...(body === '' ? {} : { body: JSON.parse(body) }) })}\n`)
  return status < 400 ? 0 : 1
}

async function answerInWords(ask: () => Promise<SiteAnswer>): Promise<Pick<SiteAnswer, 'status' | 'body'>> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

/** What the call is about, as far as it says so itself: what cannot be read is refused later, and changes nothing. */
function touchedByCommand(found: FoundRoute | undefined, typed: string): readonly Subject[] {
  if (found === undefined) return []
  try {
    return touchedByApi(found.route.path, found.params, JSON.parse(typed || '{}'))
  } catch {
    return []
  }
}
