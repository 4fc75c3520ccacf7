import type { Command, CommandUnknownOpts, OptionValues } from '@commander-js/extra-typings'
import { tableLines } from '../output/table.ts'
import type { AccountOptions, Order } from '../people/ask-auth-proxy.ts'
import { homeOption, jsonOption, serverOption, withServerFlags, type AuthProxyFlags } from './flags.ts'
import { newVerb, type TerminalFor } from './verb.ts'

// Shared by `soen user`, `soen token` and `soen session`: each verb sends one request to a front door.

/** The flags of a verb that changes something. */
export type ChangeFlags = AuthProxyFlags & {
  readonly passwordStdin?: true
  readonly dryRun?: true
}

/** Creates a group of such verbs. */
export function newGroup(
  parent: CommandUnknownOpts,
  name: string,
  summary: string,
  example: string,
): CommandUnknownOpts {
  return newVerb(parent, name, summary, example)
}

/** Adds the flags that every such verb has. */
export function withAuthProxyFlags<Args extends unknown[], Flags extends OptionValues>(
  command: Command<Args, Flags, OptionValues>,
): Command<Args, Flags & AuthProxyFlags, OptionValues> {
  const more = withServerFlags(command.addOption(serverOption())).addOption(homeOption())
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- inference does not pass a type parameter
  return more as unknown as Command<Args, Flags & AuthProxyFlags, OptionValues>
}

/** Adds the flags of a verb that changes something. */
export function withChangeFlags<Args extends unknown[], Flags extends OptionValues>(
  command: Command<Args, Flags, OptionValues>,
): Command<Args, Flags & ChangeFlags, OptionValues> {
  const more = withAuthProxyFlags(command)
    .option('--password-stdin', 'Your own password is the first line of stdin, where it is needed.')
    .option('--dry-run', 'Show what would be asked for, and change nothing.')
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as above
  return more as unknown as Command<Args, Flags & ChangeFlags, OptionValues>
}

/** Sends a request to the chosen front door and shows the response. */
export async function ask<Answer>(
  options: AccountOptions,
  terminalFor: TerminalFor,
  order: Order<Answer>,
): Promise<void> {
  const { askAuthProxy } = await import('../people/ask-auth-proxy.ts')
  await askAuthProxy(order, options, terminalFor(options))
}

/** A list of things that belong to accounts. */
export interface Listing<Item> {
  /** For instance `tokens`; also the name in the API. */
  readonly things: string
  readonly headings: readonly string[]
  readonly row: (item: Item) => readonly string[]
}

/** Adds the verb `list` to a group. */
export function addList<Item>(
  group: CommandUnknownOpts,
  { things, headings, row }: Listing<Item>,
  terminalFor: TerminalFor,
): void {
  const summary = `Show all ${things}, or those of one account.`
  const list = newVerb(group, 'list', summary, `soen ${group.name()} list --owner ada`)
  withAuthProxyFlags(list.option('--owner <name>', 'Only those of this account.'))
    .addOption(jsonOption())
    .action(({ owner, ...flags }) =>
      ask(flags, terminalFor, {
        plan: () => ({
          method: 'GET',
          path: owner === undefined ? things : `${things}?owner=${encodeURIComponent(owner)}`,
        }),
        show: (items: readonly Item[]) => ({
          lines: tableLines(headings, items.map(row)),
          ...(items.length === 0 && {
            note: `There are no ${things}${owner === undefined ? '' : ` of ${owner}`}.`,
          }),
        }),
      }),
    )
}

/** Adds the verb `revoke` to a group. */
export function addRevoke(group: CommandUnknownOpts, things: string, terminalFor: TerminalFor): void {
  const thing = group.name()
  const summary = `End a ${thing}, at once.`
  const revoke = newVerb(group, 'revoke', summary, `soen ${thing} revoke 41VN7SFhHIGC`)
  withChangeFlags(revoke.argument('<id>', 'Its id, as the list shows it.', idIn))
    .addOption(jsonOption())
    .action((id, flags) =>
      ask(flags, terminalFor, {
        plan: () => ({ method: 'DELETE', path: `${things}/${encodeURIComponent(id)}` }),
        result: () => ({ revoked: id }),
        show: () => ({ lines: [`Ended ${thing} ${id}.`] }),
      }),
    )
}

/** The id in a whole or truncated token: its secret is neither sent nor shown. */
function idIn(pasted: string): string {
  const id = /^soen_(?<id>.{0,12})/s.exec(pasted) ?? /^(?<id>[0-9A-Za-z]{12})_/.exec(pasted)
  return id?.groups?.['id'] ?? pasted
}
