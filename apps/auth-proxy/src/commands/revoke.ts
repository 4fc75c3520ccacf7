import { recorded } from '../audit/command-records.ts'
import { openExistingStore } from '../store/open-store.ts'
import { endSession } from '../store/sessions.ts'
import { revokeToken } from '../store/tokens.ts'
import type { Command } from './command.ts'
import { readOptions, required } from './options.ts'
import { unknownSession, unknownToken } from '../identity/unknown.ts'

const options = { state: { type: 'string' } } as const

/** `token revoke ID --state FILE`: makes a token worthless at once. */
export const tokenRevoke: Command = revoking('token', revokeToken, unknownToken, 'Revoked token')

/** `session revoke ID --state FILE`: signs a browser out at once. */
export const sessionRevoke: Command = revoking('session', endSession, unknownSession, 'Ended session')

function revoking(
  kind: 'token' | 'session',
  revoke: typeof revokeToken,
  unknown: (id: string) => Error,
  done: string,
): Command {
  return async (args, { stdout }) => {
    const { values, positionals } = readOptions(args, options, ['ID'])
    const id = positionals[0] ?? ''
    await using store = recorded(await openExistingStore(required(values.state, 'state')), {
      action: `${kind} revoke`,
      subjects: [{ kind, value: id }],
    })
    if (!(await store.change((db) => revoke(db, id)))) throw unknown(id)
    stdout.write(`${done} ${id}.\n`)
    return 0
  }
}
