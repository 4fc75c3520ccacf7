import { normalizeName } from '../identity/user.ts'
import { openExistingStore } from '../store/open-store.ts'
import { listSessions } from '../store/sessions.ts'
import type { Command } from './command.ts'
import { readOptions, required } from './options.ts'
import { writeTable } from './table.ts'

const options = {
  state: { type: 'string' },
  owner: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

/** `session list --state FILE [--owner NAME] [--json]`: which browsers are signed in. */
export const sessionList: Command = async (args, { stdout }) => {
  const { values } = readOptions(args, options)
  await using store = await openExistingStore(required(values.state, 'state'))
  const owner = values.owner === undefined ? undefined : normalizeName(values.owner)
  const sessions = (await listSessions(store.db, owner)).map(({ sha256: _secret, ...shown }) => shown)
  if (values.json) stdout.write(`${JSON.stringify(sessions)}\n`)
  else
    writeTable(
      stdout,
      ['ID', 'OWNER', 'FROM', 'BEGAN', 'LAST SEEN'],
      sessions.map((it) => [it.id, it.owner, it.address, it.createdAt, it.lastSeenAt]),
    )
  return 0
}
