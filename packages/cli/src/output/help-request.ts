import type { CommandUnknownOpts as Verb } from '@commander-js/extra-typings'

/**
 * The words of a call that asks for help, `soen help user add` or `soen user add --help`, without the request
 * itself; undefined for other calls.
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

/** The verb that these words name; undefined if one of them is unknown. */
export function findVerb(program: Verb, words: readonly string[]): Verb | undefined {
  const [word, ...rest] = words.filter((it) => !it.startsWith('-'))
  if (word === undefined || program.commands.length === 0) return program
  const next = program.commands.find((it) => it.name() === word)
  if (next !== undefined) return findVerb(next, rest)
  // A group has only verbs; after any other verb, a word may be the value of a flag.
  const isGroup = program.parent === null || program.options.length === 0
  return isGroup ? undefined : program
}
