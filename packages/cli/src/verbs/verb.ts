import type { Command, CommandUnknownOpts, OptionValues } from '@commander-js/extra-typings'
import type { Terminal } from '../output/terminal.ts'
import { jsonOption, withServerFlags, type ServerFlags } from './flags.ts'

/** Creates the terminal that a verb writes to, once its flags are parsed. */
export type TerminalFor = (flags: { readonly json?: boolean }) => Terminal

/**
 * Adds one verb to the command line: its flags and its action. Every verb is declared at each start, so a verb
 * imports what it works with only when it is called.
 */
export type Verb = (parent: CommandUnknownOpts, terminalFor: TerminalFor) => void

/** A verb with these flags, to which more may be added. */
// oxlint-disable-next-line typescript/no-generated-empty-object-type -- commander's own type of no flags
export type NewVerb<Flags extends OptionValues = Record<never, never>> = Command<[], Flags, OptionValues>

/** Creates a verb from its name, one sentence about what it does, and examples. */
export function newVerb(
  parent: CommandUnknownOpts,
  name: string,
  summary: string,
  ...examples: readonly string[]
): NewVerb {
  const lines = examples.map((line) => `  $ ${line}\n`).join('')
  return parent
    .command(name)
    .summary(summary)
    .description(summary)
    .addHelpText('after', `\nExamples:\n${lines}`)
}

/** Creates a verb about a server of soen.yaml. */
export function newServerVerb(
  parent: CommandUnknownOpts,
  name: string,
  summary: string,
  ...examples: readonly string[]
): NewVerb<ServerFlags & { readonly json?: true }> {
  return withServerFlags(newVerb(parent, name, summary, ...examples)).addOption(jsonOption())
}
