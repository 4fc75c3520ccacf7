import { recorded } from '../audit/command-records.ts'
import { normalizeName } from '../identity/user.ts'
import { openExistingStore } from '../store/open-store.ts'
import { findUser, setUser } from '../store/users.ts'
import type { Command } from './command.ts'
import { readOptions, required } from './options.ts'
import { unknownUser } from '../identity/unknown.ts'

/** `user disable NAME --state FILE`: shuts an account out with all its tokens and sessions, until it is enabled. */
export const userDisable: Command = (args, terminal) => setDisabled(true, args, terminal)

/** `user enable NAME --state FILE`: lets a disabled account in again; its tokens work as before. */
export const userEnable: Command = (args, terminal) => setDisabled(false, args, terminal)

const options = { state: { type: 'string' } } as const

async function setDisabled(isDisabled: boolean, ...[args, { stdout }]: Parameters<Command>): Promise<number> {
  const { values, positionals } = readOptions(args, options, ['NAME'])
  const name = normalizeName(positionals[0] ?? '')
  await using store = recorded(await openExistingStore(required(values.state, 'state')), {
    action: `user ${isDisabled ? 'disable' : 'enable'}`,
    subjects: [{ kind: 'user', value: name }],
  })
  await store.change(async (db) => {
    if ((await findUser(db, name)) === undefined) throw unknownUser(name)
    await setUser(db, name, { isDisabled })
  })
  stdout.write(`${isDisabled ? 'Disabled' : 'Enabled'} ${name}.\n`)
  return 0
}
