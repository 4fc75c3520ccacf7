import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings'
import { createTerminal, type Terminal } from './output/terminal.ts'
import { allVerbs } from './verbs/all-verbs.ts'
import { version } from './version.ts'

/** What a verb gets to write to; a parameter so that tests can read it. */
export interface ProgramOptions {
  readonly terminal?: (options: { isJson: boolean }) => Terminal
}

/** The whole command line. */
export function buildProgram({ terminal = createTerminal }: ProgramOptions = {}): CommandUnknownOpts {
  const program = new Command('soen')
    .description("Runs the team's MLflow platform, from a laptop to AWS.")
    .version(version, '-V, --version', 'Show the version.')
    .helpOption('-h, --help', 'Show this help.')
    .helpCommand('help [verb]', 'Show the help of a verb.')
    .showSuggestionAfterError()
    .showHelpAfterError("(see the verb's --help)")
    .exitOverride()
  for (const addVerb of allVerbs) addVerb(program, ({ json = false }) => terminal({ isJson: json }))
  return program
}
