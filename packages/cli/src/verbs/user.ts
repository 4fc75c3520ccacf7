import { Argument, Option, type CommandUnknownOpts } from '@commander-js/extra-typings'
import type { ApiRequest } from '../auth-proxy/api.ts'
import { shownTime } from '../output/shown-time.ts'
import { tableLines } from '../output/table.ts'
import type { Words } from '../people/ask-auth-proxy.ts'
import { ask, newGroup, withChangeFlags, withAuthProxyFlags } from './account-verb.ts'
import { jsonOption } from './flags.ts'
import { newVerb, type TerminalFor, type Verb } from './verb.ts'

interface Account {
  readonly name: string
  readonly role: string
  readonly kind: string
  readonly isDisabled: boolean
  readonly legacyUntil?: string
  readonly updatedAt: string
}

/** The roles of accounts, the lowest first. */
const roles = ['viewer', 'member', 'maintainer', 'admin'] as const

const parts: readonly ((group: CommandUnknownOpts, terminalFor: TerminalFor) => void)[] = [
  addAdd,
  addUserList,
  addRole,
  addPassword,
  addDisable,
  addEnable,
  addUnlock,
  addRemove,
]

/** `soen user`: manages the accounts. */
export const user: Verb = (parent, terminalFor) => {
  const example = 'soen user add ada --role maintainer'
  const group = newGroup(parent, 'user', 'Manage who may sign in.', example)
  for (const add of parts) add(group, terminalFor)
}

function addAdd(group: CommandUnknownOpts, terminalFor: TerminalFor): void {
  const summary = 'Make an account, and show its password once.'
  const add = newVerb(group, 'add', summary, 'soen user add ada --role maintainer')
    .argument('<name>', 'The account.')
    .addOption(new Option('--role <role>', 'What the person may do.').choices(roles).default('member'))
    .option('--service', 'An account for a program: it has tokens and no password.')
    .option(
      '--legacy-until <day>',
      'Several people share this password, until the end of this day. As admin it counts as maintainer.',
    )
  withChangeFlags(add)
    .addOption(jsonOption())
    .action((name, { role, service, legacyUntil, ...flags }) =>
      ask(flags, terminalFor, {
        plan(newPassword) {
          const way = service ? { kind: 'service' } : { password: newPassword() }
          const end = legacyUntil === undefined ? {} : { legacyUntil }
          return { method: 'POST', path: 'users', body: { name, role, ...way, ...end } }
        },
        result: withPassword,
        show: (account: Account, request) =>
          account.kind === 'service' ? { lines: [serviceLine(account)] } : showPassword(account, request),
      }),
    )
}

function addUserList(group: CommandUnknownOpts, terminalFor: TerminalFor): void {
  withAuthProxyFlags(newVerb(group, 'list', 'Show all accounts.', 'soen user list'))
    .addOption(jsonOption())
    .action((flags) =>
      ask(flags, terminalFor, {
        plan: () => ({ method: 'GET', path: 'users' }),
        show: (accounts: readonly Account[]) => ({
          lines: tableLines(
            ['NAME', 'ROLE', 'KIND', 'STATE', 'CHANGED'],
            accounts.map((it) => [it.name, it.role, it.kind, stateOf(it), shownTime(it.updatedAt)]),
          ),
        }),
      }),
    )
}

function addRole(group: CommandUnknownOpts, terminalFor: TerminalFor): void {
  const role = newVerb(group, 'role', 'Say what an account may do.', 'soen user role ada maintainer')
    .argument('<name>', 'The account.')
    .addArgument(new Argument('<role>', 'What it may do.').choices(roles))
  withChangeFlags(role)
    .addOption(jsonOption())
    .action((name, wanted, flags) =>
      ask(flags, terminalFor, {
        plan: () => ({ method: 'PATCH', path: userPath(name), body: { role: wanted } }),
        show: (account: Account) => ({ lines: [`${account.name} is ${account.role}.`] }),
      }),
    )
}

function addPassword(group: CommandUnknownOpts, terminalFor: TerminalFor): void {
  const summary = 'Give an account a new password, and show it once.'
  const password = newVerb(group, 'password', summary, 'soen user password ada')
  withChangeFlags(password.argument('<name>', 'The account.'))
    .addOption(jsonOption())
    .action((name, flags) =>
      ask(flags, terminalFor, {
        plan(newPassword) {
          return { method: 'PATCH', path: userPath(name), body: { password: newPassword() } }
        },
        result: withPassword,
        show: showPassword,
      }),
    )
}

function addDisable(group: CommandUnknownOpts, terminalFor: TerminalFor): void {
  const disable = newVerb(group, 'disable', 'Lock an account out, at once.', 'soen user disable ada')
  withChangeFlags(disable.argument('<name>', 'The account.'))
    .addOption(jsonOption())
    .action((name, flags) =>
      ask(flags, terminalFor, {
        plan: () => ({ method: 'PATCH', path: userPath(name), body: { isDisabled: true } }),
        show: () => ({ lines: [`Disabled ${name}.`] }),
      }),
    )
}

function addEnable(group: CommandUnknownOpts, terminalFor: TerminalFor): void {
  const enable = newVerb(group, 'enable', 'Let an account in again, at once.', 'soen user enable ada')
  withChangeFlags(enable.argument('<name>', 'The account.'))
    .addOption(jsonOption())
    .action((name, flags) =>
      ask(flags, terminalFor, {
        plan: () => ({ method: 'PATCH', path: userPath(name), body: { isDisabled: false } }),
        show: () => ({ lines: [`Enabled ${name}.`] }),
      }),
    )
}

function addUnlock(group: CommandUnknownOpts, terminalFor: TerminalFor): void {
  const unlock = newVerb(group, 'unlock', 'Forget the failed logins of an account.', 'soen user unlock ada')
    .argument('<name>', 'The account.')
    .option('--network <network>', 'And those of this network, for instance 192.0.2.0/24.')
  withChangeFlags(unlock)
    .addOption(jsonOption())
    .action((name, { network, ...flags }) =>
      ask(flags, terminalFor, {
        plan() {
          const query = network === undefined ? '' : `?network=${encodeURIComponent(network)}`
          return { method: 'POST', path: `${userPath(name)}/unlock${query}` }
        },
        result: () => ({ unlocked: name }),
        show: () => ({ lines: [`Unlocked ${name}.`] }),
      }),
    )
}

function addRemove(group: CommandUnknownOpts, terminalFor: TerminalFor): void {
  const summary = 'Remove an account with its tokens, at once. What it logged stays.'
  const remove = newVerb(group, 'remove', summary, 'soen user remove ada --yes')
  withChangeFlags(remove.argument('<name>', 'The account.'))
    .option('--yes', 'Do not ask first.')
    .addOption(jsonOption())
    .action((name, flags) =>
      ask(flags, terminalFor, {
        asks: `Remove ${name} with all tokens?`,
        plan: () => ({ method: 'DELETE', path: userPath(name) }),
        result: () => ({ removed: name }),
        show: () => ({ lines: [`Removed ${name}.`] }),
      }),
    )
}

function userPath(name: string): string {
  return `users/${encodeURIComponent(name)}`
}

function withPassword(account: Account, { body }: ApiRequest): object {
  const password = body?.['password']
  return { ...account, ...(password === undefined ? {} : { password }) }
}

function showPassword({ name }: Account, { body }: ApiRequest): Words {
  return { lines: [`${name} ${String(body?.['password'])} (shown this once)`] }
}

function serviceLine({ name, role }: Account): string {
  return `Made ${name} (${role}), which signs in by token: soen token create ${name} --name NAME`
}

function stateOf({ isDisabled, legacyUntil }: Account): string {
  if (isDisabled) return 'disabled'
  return legacyUntil === undefined ? 'active' : `shared until ${legacyUntil}`
}
