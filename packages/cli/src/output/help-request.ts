import type { CommandUnknownOpts as Verb } from '@commander-js/extra-typings'

/**
 * The words of a call that asks for help, `soen help user add` or `soen user add --help`, without what asks for it;
 * nothing where none was asked for.
 */
export function helpRequest(words: readonly string[]): readonly string[] | undefined {
  const [first, ...rest] = words
  if (first === 'help') return rest
  const end = words.indexOf('--')
  const own = end < 0 ? words : words.slice(0, end)
  return own.some(asksForHelp) ? own.filter((word) => !asksForHelp(word)) : undefined
}

function asksForHelp(word: string): boolean {
  return word === '--help' || word === '-h'
}

/** The verb that words name; nothing where a word among them is none. */
export function findVerb(program: Verb, words: readonly string[]): Verb | undefined {
  const [word, ...rest] = words.filter((it) => !it.startsWith('-'))
  if (word === undefined || program.commands.length === 0) return program
  const next = program.commands.find((it) => it.name() === word)
  if (next !== undefined) return findVerb(next, rest)
  // A group has verbs alone; what follows a verb of its own right may be the value of a flag.
  const isGroup = program.parent === null || program.options.length === 0
  return isGroup ? undefined : program
}
