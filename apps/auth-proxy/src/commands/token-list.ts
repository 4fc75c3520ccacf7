import { normalizeName } from '../identity/user.ts'
import { openExistingStore } from '../store/open-store.ts'
import { listTokens } from '../store/tokens.ts'
import type { Command } from './command.ts'
import { readOptions, required } from './options.ts'
import { writeTable } from './table.ts'

const options = {
  state: { type: 'string' },
  owner: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

/** `token list --state FILE [--owner NAME] [--json]`: which tokens there are, without what opens the door. */
export const tokenList: Command = async (args, { stdout }) => {
  const { values } = readOptions(args, options)
  await using store = await openExistingStore(required(values.state, 'state'))
  const owner = values.owner === undefined ? undefined : normalizeName(values.owner)
  const tokens = (await listTokens(store.db, owner)).map(({ sha256: _secret, ...shown }) => shown)
  if (values.json) stdout.write(`${JSON.stringify(tokens)}\n`)
  else
    writeTable(
      stdout,
      ['ID', 'OWNER', 'NAME', 'EXPIRES', 'LAST USED'],
      tokens.map((it) => [it.id, it.owner, it.name, it.expiresAt ?? 'never', it.lastUsedAt ?? 'never']),
    )
  return 0
}
