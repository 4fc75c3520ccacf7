import { Option, InvalidArgumentError } from 'commander'
import { tableLines } from '../output/table.ts'
import type { ApiRequest } from '../front-door/api.ts'

/** What was typed behind a verb. */
export interface Typed {
  /** The account, token or session. */
  readonly name: string
  readonly second: string
  readonly options: Readonly<Record<string, string | number | boolean | undefined>>
}

/** What a verb says after it was done. */
interface Words {
  readonly lines: readonly string[]
  /** For the person only, not for a pipe. */
  readonly note?: string
}

/** One verb about people: what it asks the front door for, and how the answer is shown. */
export interface PeopleVerb {
  /** As it is typed, for instance `user role <name> <role>`. */
  readonly usage: string
  readonly summary: string
  readonly example: string
  readonly options?: readonly (() => Option)[]
  readonly changes: boolean
  /** What is lost; asked about first. */
  readonly asks?: (typed: Typed) => string
  readonly plan: (typed: Typed, newPassword: () => string) => ApiRequest
  /** The result for a program, made of the answer; by default that itself. */
  readonly result?: (answer: never, typed: Typed, request: ApiRequest) => unknown
  readonly show: (answer: never, typed: Typed, request: ApiRequest) => Words
}

interface Account {
  readonly name: string
  readonly role: string
  readonly kind: string
  readonly isDisabled: boolean
  readonly legacyUntil?: string
  readonly updatedAt: string
}

interface Token {
  readonly id: string
  readonly owner: string
  readonly name: string
  readonly expiresAt?: string
  readonly lastUsedAt?: string
  readonly token: string
}

interface Session {
  readonly id: string
  readonly owner: string
  readonly address: string
  readonly createdAt: string
  readonly lastSeenAt: string
}

/** What an account may do, the least first. */
export const roles: readonly string[] = ['viewer', 'member', 'maintainer', 'admin']

const userPath = ({ name }: Typed): string => `users/${encodeURIComponent(name)}`
const said = (line: string): Words => ({ lines: [line] })
const saying =
  (what: string) =>
  (_answer: unknown, { name }: Typed): Words =>
    said(`${what} ${name}.`)
const done =
  (what: string) =>
  (_answer: unknown, { name }: Typed) => ({ [what]: name })
const ownerOption = (): Option => new Option('--owner <name>', 'Only those of this account.')

function query(values: Typed['options']): string {
  const pairs = Object.entries(values).filter(([, value]) => value !== undefined)
  return pairs.map(([name, value]) => `?${name}=${encodeURIComponent(String(value))}`).join('')
}

function list(
  thing: string,
  plural: string,
  headings: readonly string[],
  row: (item: never) => readonly string[],
): PeopleVerb {
  return {
    usage: `${thing} list`,
    summary: `Show all ${plural}, or those of one account.`,
    example: `soen ${thing} list --owner ada`,
    options: [ownerOption],
    changes: false,
    plan: ({ options: { owner } }) => ({ method: 'GET', path: plural + query({ owner }) }),
    show: (items: readonly never[]) => ({ lines: tableLines(headings, items.map(row)) }),
  }
}

function revoke(thing: string, plural: string): PeopleVerb {
  return {
    usage: `${thing} revoke <id>`,
    summary: `End a ${thing}, at once.`,
    example: `soen ${thing} revoke 41VN7SFhHIGC`,
    changes: true,
    plan: ({ name }) => ({ method: 'DELETE', path: `${plural}/${encodeURIComponent(idIn(name))}` }),
    result: (_answer, { name }) => ({ revoked: idIn(name) }),
    show: (_answer, { name }) => said(`Ended ${thing} ${idIn(name)}.`),
  }
}

/** The id in a token that was pasted whole, or cut off: its secret is sent and shown nowhere. */
function idIn(pasted: string): string {
  const id = /^soen_(?<id>.{0,12})/s.exec(pasted) ?? /^(?<id>[0-9A-Za-z]{12})_/.exec(pasted)
  return id?.groups?.['id'] ?? pasted
}

function switching(verb: string, what: string, isDisabled: boolean): PeopleVerb {
  return {
    usage: `user ${verb} <name>`,
    summary: `${what}, at once.`,
    example: `soen user ${verb} ada`,
    changes: true,
    plan: (typed) => ({ method: 'PATCH', path: userPath(typed), body: { isDisabled } }),
    show: saying(isDisabled ? 'Disabled' : 'Enabled'),
  }
}

function withPassword(account: Account, _typed: Typed, { body }: ApiRequest): object {
  const password = body?.['password']
  return { ...account, ...(password === undefined ? {} : { password }) }
}

function showPassword({ name }: Account, _typed: Typed, { body }: ApiRequest): Words {
  return said(`${name} ${String(body?.['password'])} (shown this once)`)
}

function stateOf({ isDisabled, legacyUntil }: Account): string {
  if (isDisabled) return 'disabled'
  return legacyUntil === undefined ? 'active' : `shared until ${legacyUntil}`
}

function parseDays(text: string): number | 'never' {
  if (text === 'never') return text
  const days = Number(text)
  if (Number.isInteger(days) && days > 0) return days
  throw new InvalidArgumentError('Days are a whole number from 1, or never.')
}

/** Every verb about people, the same on a server and on the local platform. */
export const peopleVerbs: readonly PeopleVerb[] = [
  {
    usage: 'user add <name>',
    summary: 'Make an account, and show its password once.',
    example: 'soen user add ada --role maintainer',
    options: [
      () => new Option('--role <role>', 'What the person may do.').choices(roles).default('member'),
      () => new Option('--service', 'An account for a program: it has tokens and no password.'),
      () =>
        new Option(
          '--legacy-until <day>',
          'Several people share this password, until the end of this day. As admin it counts as maintainer.',
        ),
    ],
    changes: true,
    plan({ name, options: { role, service, legacyUntil } }, newPassword) {
      const way = service === true ? { kind: 'service' } : { password: newPassword() }
      const end = legacyUntil === undefined ? {} : { legacyUntil }
      return { method: 'POST', path: 'users', body: { name, role, ...way, ...end } }
    },
    result: withPassword,
    show: (account: Account, typed, request) =>
      account.kind === 'service'
        ? said(
            `Made ${account.name} (${account.role}), which signs in by token: soen token create ${account.name} --name NAME`,
          )
        : showPassword(account, typed, request),
  },
  {
    usage: 'user list',
    summary: 'Show all accounts.',
    example: 'soen user list',
    changes: false,
    plan: () => ({ method: 'GET', path: 'users' }),
    show: (accounts: readonly Account[]) => ({
      lines: tableLines(
        ['NAME', 'ROLE', 'KIND', 'STATE', 'CHANGED'],
        accounts.map((it) => [it.name, it.role, it.kind, stateOf(it), it.updatedAt]),
      ),
    }),
  },
  {
    usage: 'user role <name> <role>',
    summary: 'Say what an account may do.',
    example: 'soen user role ada maintainer',
    changes: true,
    plan: (typed) => ({ method: 'PATCH', path: userPath(typed), body: { role: typed.second } }),
    show: ({ name, role }: Account) => said(`${name} is ${role}.`),
  },
  {
    usage: 'user password <name>',
    summary: 'Give an account a new password, and show it once.',
    example: 'soen user password ada',
    changes: true,
    plan: (typed, newPassword) => ({
      ...{ method: 'PATCH', path: userPath(typed) },
      body: { password: newPassword() },
    }),
    result: withPassword,
    show: showPassword,
  },
  switching('disable', 'Lock an account out', true),
  switching('enable', 'Let an account in again', false),
  {
    usage: 'user unlock <name>',
    summary: 'Forget the failed logins of an account.',
    example: 'soen user unlock ada',
    options: [
      () => new Option('--network <network>', 'And those of this network, for instance 192.0.2.0/24.'),
    ],
    changes: true,
    plan(typed) {
      const { network } = typed.options
      return { method: 'POST', path: `${userPath(typed)}/unlock${query({ network })}` }
    },
    result: done('unlocked'),
    show: saying('Unlocked'),
  },
  {
    usage: 'user remove <name>',
    summary: 'Remove an account with its tokens, at once. What it logged stays.',
    example: 'soen user remove ada --yes',
    changes: true,
    asks: ({ name }) => `Remove ${name} with all tokens?`,
    plan: (typed) => ({ method: 'DELETE', path: userPath(typed) }),
    result: done('removed'),
    show: saying('Removed'),
  },
  {
    usage: 'token create <owner>',
    summary: 'Make a token, and show it once.',
    example: 'soen token create ada --name laptop --days 30',
    options: [
      () => new Option('--name <name>', 'What it is for.').makeOptionMandatory(),
      () =>
        new Option('--days <count>', 'How long it lasts; `never` ends only for service accounts.')
          .default(90)
          .argParser(parseDays),
    ],
    changes: true,
    plan: ({ name: owner, options: { name, days } }) => ({
      ...{ method: 'POST', path: 'tokens' },
      body: { owner, name, days },
    }),
    show: ({ id, owner, expiresAt, token }: Token) => ({
      lines: [token],
      note: `Token ${id} of ${owner}, good until ${expiresAt ?? 'it is revoked'}. It is shown this once.`,
    }),
  },
  list('token', 'tokens', ['ID', 'OWNER', 'NAME', 'EXPIRES', 'LAST USED'], (it: Token) => [
    ...[it.id, it.owner, it.name, it.expiresAt ?? 'never', it.lastUsedAt ?? 'never'],
  ]),
  revoke('token', 'tokens'),
  list('session', 'sessions', ['ID', 'OWNER', 'FROM', 'BEGAN', 'LAST SEEN'], (it: Session) => [
    ...[it.id, it.owner, it.address, it.createdAt, it.lastSeenAt],
  ]),
  revoke('session', 'sessions'),
]
