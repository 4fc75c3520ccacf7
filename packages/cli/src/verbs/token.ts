import { InvalidArgumentError, Option, type CommandUnknownOpts } from '@commander-js/extra-typings'
import { shownTime } from '../output/shown-time.ts'
import { addList, addRevoke, ask, newGroup, withChangeFlags } from './account-verb.ts'
import { jsonOption } from './flags.ts'
import { newVerb, type TerminalFor, type Verb } from './verb.ts'

interface Token {
  readonly id: string
  readonly owner: string
  readonly name: string
  readonly expiresAt?: string
  readonly lastUsedAt?: string
  readonly token: string
}

/** `soen token`: manages the tokens that programs sign in with. */
export const token: Verb = (parent, terminalFor) => {
  const example = 'soen token create ada --name laptop --days 30'
  const group = newGroup(parent, 'token', 'Manage the tokens that programs sign in with.', example)
  addCreate(group, example, terminalFor)
  const listing = {
    things: 'tokens',
    headings: ['ID', 'OWNER', 'NAME', 'EXPIRES', 'LAST USED'],
    row: ({ id, owner, name, expiresAt = 'never', lastUsedAt = 'never' }: Token) => {
      return [id, owner, name, shownTime(expiresAt), shownTime(lastUsedAt)]
    },
  }
  addList(group, listing, terminalFor)
  addRevoke(group, 'tokens', terminalFor)
}

function addCreate(group: CommandUnknownOpts, example: string, terminalFor: TerminalFor): void {
  const create = newVerb(group, 'create', 'Make a token, and show it once.', example)
    .argument('<owner>', 'The account.')
    .requiredOption('--name <name>', 'What it is for.')
    .addOption(
      new Option('--days <count>', 'How long it lasts; `never` ends only for service accounts.')
        .default(90)
        .argParser(parseDays),
    )
  withChangeFlags(create)
    .addOption(jsonOption())
    .action((owner, { name, days, ...flags }) =>
      ask(flags, terminalFor, {
        plan: () => ({ method: 'POST', path: 'tokens', body: { owner, name, days } }),
        show: (made: Token) => ({
          lines: [made.token],
          note: `Token ${made.id} of ${made.owner}, good until ${shownTime(made.expiresAt ?? 'it is revoked')}. It is shown this once.`,
        }),
      }),
    )
}

function parseDays(text: string): number | 'never' {
  if (text === 'never') return text
  const days = Number(text)
  if (Number.isInteger(days) && days > 0) return days
  throw new InvalidArgumentError('Days are a whole number from 1, or never.')
}
