import { recorded } from '../audit/command-records.ts'
import { normalizeName } from '../identity/user.ts'
import { openExistingStore } from '../store/open-store.ts'
import { removeUser } from '../store/users.ts'
import type { Command } from './command.ts'
import { readOptions, required } from './options.ts'
import { unknownUser } from '../identity/unknown.ts'

const options = { state: { type: 'string' } } as const

/** `user remove NAME --state FILE`: shuts a user out for good, with tokens and sessions; what they logged stays. */
export const userRemove: Command = async (args, { stdout }) => {
  const { values, positionals } = readOptions(args, options, ['NAME'])
  const name = normalizeName(positionals[0] ?? '')
  await using store = recorded(await openExistingStore(required(values.state, 'state')), {
    action: 'user remove',
    subjects: [{ kind: 'user', value: name }],
  })
  if (!(await store.change((db) => removeUser(db, name)))) throw unknownUser(name)
  stdout.write(`Removed ${name}.\n`)
  return 0
}
