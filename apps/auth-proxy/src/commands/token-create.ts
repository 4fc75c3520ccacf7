import { recorded } from '../audit/command-records.ts'
import { orderToken } from '../identity/token-order.ts'
import type { TokenOrder } from '../identity/token-order.ts'
import { normalizeName } from '../identity/user.ts'
import { openExistingStore } from '../store/open-store.ts'
import { addToken } from '../store/tokens.ts'
import { findUser } from '../store/users.ts'
import type { Command } from './command.ts'
import { readOptions, required } from './options.ts'
import { unknownUser } from '../identity/unknown.ts'

const options = {
  state: { type: 'string' },
  name: { type: 'string' },
  days: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

/** `token create OWNER --name NAME --state FILE [--days N|never] [--json]`: makes a token and shows it, once. */
export const tokenCreate: Command = async (args, { stdout, stderr }) => {
  const { values, positionals } = readOptions(args, options, ['OWNER'])
  const owner = normalizeName(positionals[0] ?? '')
  const order = { name: required(values.name, 'name'), ...readDays(values.days) }

  let made = ''
  await using store = recorded(await openExistingStore(required(values.state, 'state')), () => ({
    action: 'token create',
    subjects: [
      { kind: 'user', value: owner },
      { kind: 'token', value: made },
    ],
  }))
  const { text, stored } = await store.change(async (db) => {
    const account = await findUser(db, owner)
    if (account === undefined) throw unknownUser(owner)
    const token = orderToken(account, order, new Date())
    await addToken(db, token.stored)
    made = token.stored.id
    return token
  })
  const { id, name, expiresAt } = stored
  if (values.json) {
    stdout.write(`${JSON.stringify({ id, owner, name, expiresAt, token: text })}\n`)
    return 0
  }
  stdout.write(`${text}\n`)
  stderr.write(
    `Token ${id} of ${owner}, good until ${expiresAt ?? 'it is revoked'}. It is shown this once.\n`,
  )
  return 0
}

function readDays(days: string | undefined): Pick<TokenOrder, 'days'> {
  if (days === undefined) return {}
  return { days: days === 'never' ? days : Number(days) }
}
