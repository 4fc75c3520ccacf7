import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings'
import { createTerminal, type Terminal } from './output/terminal.ts'
import { verbGroups } from './verbs/all-verbs.ts'
import { version } from './version.ts'

/** The terminal of the verbs; a parameter, so that tests can read it. */
export interface ProgramOptions {
  readonly terminal?: (options: { isJson: boolean }) => Terminal
}

/** The whole command line. */
export function buildProgram({ terminal = createTerminal }: ProgramOptions = {}): CommandUnknownOpts {
  const program = new Command('soen')
    .description("Runs the team's MLflow platform, from a laptop to AWS.")
    .version(version, '-V, --version', 'Show the version.')
    .helpOption('-h, --help', 'Show this help.')
    .option('--verbose', 'Show what happens behind a verb, and where an error comes from.')
    .option('--no-color', 'Write without colours; the variable NO_COLOR does the same.')
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError()
    .showHelpAfterError("(see the verb's --help)")
    .exitOverride()
    .hook('preAction', (it) => {
      const { verbose, color } = it.opts()
      if (verbose) process.env['SOEN_DEBUG'] = '1'
      if (!color) process.env['NO_COLOR'] = '1'
    })
  for (const { heading, verbs } of verbGroups) {
    program.commandsGroup(heading)
    for (const addVerb of verbs) addVerb(program, ({ json = false }) => terminal({ isJson: json }))
  }
  return program
}
