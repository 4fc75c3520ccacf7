import type { OwnAnswer } from '../destination/own-route.ts'
import { isRole, normalizeName, roles } from '../identity/user.ts'
import { askAsOperator } from './as-operator.ts'
import type { Command } from './command.ts'
import { readFirstLine } from './first-line.ts'
import { readOptions, required, wrongUse } from './options.ts'
import { sayRefusal } from './say-refusal.ts'

const options = {
  state: { type: 'string' },
  role: { type: 'string' },
  service: { type: 'boolean', default: false },
  'legacy-until': { type: 'string' },
} as const

/** `user set NAME --state FILE`: creates an account, the first one too, or changes an existing one. */
export const userSet: Command = async (args, { stdin, stdout, stderr }) => {
  const { values, positionals } = readOptions(args, options, ['NAME'])
  const [name = ''] = positionals
  const { role, service, 'legacy-until': legacyUntil } = values
  const place = { state: required(values.state, 'state'), stderr }
  if (role !== undefined && !isRole(role)) {
    throw wrongUse(`--role ${role} is not one of ${roles.join(', ')}.`)
  }
  const form = { role, legacyUntil, ...(service ? {} : { password: await readFirstLine(stdin) }) }
  const ask = (method: string, path: string, body: object): Promise<Pick<OwnAnswer, 'status' | 'body'>> =>
    askAsOperator({ method, target: `/_soen/api/${path}`, readBody: async () => JSON.stringify(body) }, place)

  const kind = service ? 'service' : 'person'
  const made = await ask('POST', 'users', { name, kind, ...form })
  const isThere = !service && made.body.includes('SOEN_USER_EXISTS')
  const path = `users/${encodeURIComponent(normalizeName(name))}`
  const { status, body } = isThere ? await ask('PATCH', path, form) : made
  if (status >= 400) return sayRefusal(body, stderr)
  const account: { name: string; role: string } = JSON.parse(body)
  stdout.write(`${isThere ? 'Changed' : 'Created'} ${account.name} (${account.role}).\n`)
  return 0
}
