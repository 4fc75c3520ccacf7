import { recorded } from '../audit/command-records.ts'
import { isLockOf } from '../identity/lock-keys.ts'
import { normalizeName } from '../identity/user.ts'
import { liftLocks, listLocks } from '../store/locks.ts'
import { openExistingStore } from '../store/open-store.ts'
import type { Command } from './command.ts'
import { readOptions, required } from './options.ts'

const options = { state: { type: 'string' }, network: { type: 'string' } } as const

/** `user unlock NAME --state FILE [--network NET]`: lets a user, and perhaps a whole network, try again at once. */
export const userUnlock: Command = async (args, { stdout }) => {
  const { values, positionals } = readOptions(args, options, ['NAME'])
  const name = normalizeName(positionals[0] ?? '')
  await using store = recorded(await openExistingStore(required(values.state, 'state')), {
    action: 'user unlock',
    subjects: [{ kind: 'user', value: name }],
  })
  const lifted = await store.change(async (db) => {
    const keys = (await listLocks(db)).map(({ key }) => key)
    return liftLocks(
      db,
      keys.filter((key) => isLockOf(name, key) || key === `network ${values.network}`),
    )
  })
  stdout.write(lifted === 0 ? `${name} was not locked.\n` : `Unlocked ${name}.\n`)
  return 0
}
