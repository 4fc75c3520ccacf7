import { recorded } from '../audit/command-records.ts'
import type { Readable } from 'node:stream'
import { AuthProxyError } from '../errors.ts'
import { hashPassword } from '../identity/password-hash.ts'
import { parseNewPassword } from '../identity/password-rules.ts'
import { isRole, parseUserName, roles } from '../identity/user.ts'
import type { Role } from '../identity/user.ts'
import { openStore } from '../store/open-store.ts'
import { findUser, setUser } from '../store/users.ts'
import type { UserChanges } from '../store/users.ts'
import type { Command } from './command.ts'
import { readFirstLine } from './first-line.ts'
import { parseLegacyEnd } from '../identity/legacy-end.ts'
import { readOptions, required, wrongUse } from './options.ts'

const options = {
  state: { type: 'string' },
  role: { type: 'string' },
  service: { type: 'boolean', default: false },
  'legacy-until': { type: 'string' },
} as const

/** `user set NAME --state FILE`: creates an account or replaces its password, role and kind. */
export const userSet: Command = async (args, { stdin, stdout }) => {
  const { values, positionals } = readOptions(args, options, ['NAME'])
  const name = parseUserName(positionals[0] ?? '')
  const state = required(values.state, 'state')
  const end = values['legacy-until']
  const changes: UserChanges = {
    ...(values.role === undefined ? {} : { role: parseRole(values.role) }),
    ...(end === undefined ? {} : { legacyUntil: parseLegacyEnd(end) }),
    // A program signs in by token only, so that nobody has to invent and hide a password for it.
    ...(values.service ? { kind: 'service' } : { passwordHash: await readNewPassword(stdin, name) }),
  }

  await using store = recorded(await openStore(state), {
    action: 'user set',
    subjects: [{ kind: 'user', value: name }],
  })
  const existing = await store.change(async (db) => {
    const before = await findUser(db, name)
    checkKind(name, before?.kind, values.service)
    await setUser(db, name, changes)
    return before
  })
  const role = changes.role ?? existing?.role ?? 'member'
  stdout.write(`${existing === undefined ? 'Created' : 'Changed'} ${name} (${role}).\n`)
  return 0
}

async function readNewPassword(stdin: Readable, name: string): Promise<string> {
  return hashPassword(parseNewPassword(await readFirstLine(stdin), name))
}

function checkKind(name: string, before: string | undefined, isService: boolean): void {
  if (before === undefined || (before === 'service') === isService) return
  throw new AuthProxyError({
    code: 'SOEN_USER_NAME_INVALID',
    message: `${name} is already the name of a ${before === 'service' ? 'service account' : 'person'}.`,
    hint: 'Choose another name, or remove that account first.',
  })
}

function parseRole(text: string): Role {
  if (!isRole(text)) throw wrongUse(`--role ${text} is not one of ${roles.join(', ')}.`)
  return text
}
