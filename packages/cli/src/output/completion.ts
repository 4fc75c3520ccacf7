import { RootCommand, type Command as Entry } from '@bomb.sh/tab'
import type { CommandUnknownOpts as Verb } from '@commander-js/extra-typings'

/** Answers the shell's question: what could the last of these words become? */
export function answerCompletion(program: Verb, words: readonly string[]): void {
  const verbs = verbsBelow(program)
  if (verbs.some(({ verb }) => takesPath(verb, words.at(-2)))) return void process.stdout.write(filesToo)
  const root = new RootCommand()
  for (const { path, verb } of verbs) addVerb(root.command(path, verb.summary()), verb)
  root.parse([...words])
}

/** By which the scripts of `completion/` know that the shell's own files and folders are meant. */
const filesToo = ':0\n'

/** Whether a flag, which the word before is, takes a file or a folder. */
function takesPath(verb: Verb, flag: string | undefined): boolean {
  return verb.options.some(
    ({ long, short, flags }) =>
      flag !== undefined && [long, short].includes(flag) && /<(?:file|folder|program|place)>/.test(flags),
  )
}

/** All verbs that are shown, those of groups as `user add`. */
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
    // A value that is not ours to guess still has to be known as one: else the shell offers verbs in its place.
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
