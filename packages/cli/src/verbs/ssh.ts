import type { Terminal } from '../output/terminal.ts'
import { shellQuote } from '../roads/shell-quote.ts'
import { nameOfDestination } from '../roads/ssh-arguments.ts'
import { findSshTarget, type WhichTarget } from '../targets/find-target.ts'
import { signIn, type ReachOptions } from '../roads/open-road.ts'

/** A shell on the machine, or one command there; ends with its exit code. */
export async function ssh(
  words: readonly string[],
  options: WhichTarget & ReachOptions,
  terminal: Terminal,
): Promise<void> {
  const { name, target } = await findSshTarget(options)
  terminal.note(`Target ${name}: ${nameOfDestination(target.host)}`)
  await using connection = await signIn(target, options)
  process.exitCode = await connection.handOver(words.length === 0 ? undefined : shellQuote(words))
}
