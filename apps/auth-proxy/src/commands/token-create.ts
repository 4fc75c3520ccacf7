import { askAsOperator } from './as-operator.ts'
import type { Command } from './command.ts'
import { readOptions, required } from './options.ts'
import { sayRefusal } from './say-refusal.ts'

const options = {
  state: { type: 'string' },
  name: { type: 'string' },
  days: { type: 'string' },
} as const

/** `token create OWNER --name NAME --state FILE [--days N|never]`: creates a token and shows it, once. */
export const tokenCreate: Command = async (args, { stdout, stderr }) => {
  const { values, positionals } = readOptions(args, options, ['OWNER'])
  const [owner = ''] = positionals
  const { days } = values
  const order = {
    owner,
    name: required(values.name, 'name'),
    ...(days === undefined ? {} : { days: days === 'never' ? days : Number(days) }),
  }
  const { status, body } = await askAsOperator(
    { method: 'POST', target: '/_soen/api/tokens', readBody: async () => JSON.stringify(order) },
    { state: required(values.state, 'state'), stderr },
  )
  if (status >= 400) return sayRefusal(body, stderr)
  const made: { id: string; owner: string; expiresAt?: string; token: string } = JSON.parse(body)
  stdout.write(`${made.token}\n`)
  const end = made.expiresAt ?? 'it is revoked'
  stderr.write(`Token ${made.id} of ${made.owner}, good until ${end}. It is shown this once.\n`)
  return 0
}
