import { RootCommand, type Command as Entry } from '@bomb.sh/tab'
import type { CommandUnknownOpts as Verb } from '@commander-js/extra-typings'

/** Prints what the last of these words could be completed to. */
export function answerCompletion(program: Verb, words: readonly string[]): void {
  const verbs = verbsBelow(program)
  if (verbs.some(({ verb }) => takesPath(verb, words.at(-2)))) return void process.stdout.write(filesToo)
  const root = new RootCommand()
  for (const { path, verb } of verbs) addVerb(root.command(path, verb.summary()), verb)
  root.parse([...words])
}

/** Tells the scripts of `completion/` to offer the shell's own files and folders as well. */
const filesToo = ':0\n'

/** Whether the flag before the word takes a file or a folder. */
function takesPath(verb: Verb, flag: string | undefined): boolean {
  return verb.options.some(
    ({ long, short, flags }) =>
      flag !== undefined && [long, short].includes(flag) && /<(?:file|folder|program|place)>/.test(flags),
  )
}

/** All visible verbs, those of groups as `user add`. */
function verbsBelow(parent: Verb, prefix = ''): { readonly path: string; readonly verb: Verb }[] {
  return parent
    .createHelp()
    .visibleCommands(parent)
    .flatMap((verb) => {
      const path = `${prefix}${verb.name()}`
      return [{ path, verb }].concat(verbsBelow(verb, `${path} `))
    })
}

function addVerb(entry: Entry, verb: Verb): void {
  for (const { name, choices } of positionals(verb)) {
    entry.argument(name, (complete) => choices.forEach((choice) => complete(choice, '')))
  }
  for (const option of verb.createHelp().visibleOptions(verb)) {
    const name = option.long?.replace(/^--/, '')
    const letter = option.short?.replace(/^-/, '')
    const choices = option.argChoices ?? []
    if (name === undefined) continue
    // A value that we cannot complete must still count as one: otherwise the shell would offer verbs in its place.
    if (option.required || option.optional) {
      entry.option(name, option.description, (complete) => choices.forEach((it) => complete(it, '')), letter)
    } else {
      entry.option(name, option.description, letter)
    }
  }
}

function positionals(verb: Verb): { readonly name: string; readonly choices: readonly string[] }[] {
  return verb.registeredArguments.map((argument) => ({
    name: argument.name(),
    choices: argument.argChoices ?? [],
  }))
}
