import { openExistingStore } from '../store/open-store.ts'
import { listUsers } from '../store/users.ts'
import type { StoredUser } from '../store/users.ts'
import type { Command } from './command.ts'
import { readOptions, required } from './options.ts'
import { writeTable } from './table.ts'

const options = { state: { type: 'string' }, json: { type: 'boolean', default: false } } as const

/** `user list --state FILE [--json]`: who may sign in. Never shows a hash. */
export const userList: Command = async (args, { stdout }) => {
  const { values } = readOptions(args, options)
  await using store = await openExistingStore(required(values.state, 'state'))
  const users = await listUsers(store.db)
  const shown = users.map(({ passwordHash: _secret, ...rest }) => rest)
  if (values.json) {
    stdout.write(`${JSON.stringify(shown)}\n`)
    return 0
  }
  if (shown.length === 0) stdout.write('No user yet. Make the first admin: user set NAME --role admin.\n')
  else
    writeTable(
      stdout,
      ['NAME', 'ROLE', 'KIND', 'STATE', 'CHANGED'],
      shown.map((user) => [user.name, user.role, user.kind, stateOf(user), user.updatedAt]),
    )
  return 0
}

function stateOf({ isDisabled, legacyUntil }: Omit<StoredUser, 'passwordHash'>): string {
  if (isDisabled) return 'disabled'
  return legacyUntil === undefined ? 'active' : `shared until ${legacyUntil}`
}
