import { Argument, Command, Option } from 'commander'
import { addAuditVerbs } from './verbs/audit.ts'
import { logNames } from './local/log-files.ts'
import { examples, homeOption, jsonOption, parseCount, parsePort } from './verbs/flags.ts'
import { createTerminal, type Terminal } from './output/terminal.ts'
import { addPeopleVerbs } from './verbs/account-verb.ts'
import { withServerOptions } from './verbs/server-flags.ts'
import { addServerVerbs } from './verbs/servers.ts'
import { version } from './version.ts'

/** What a verb gets to write to; a parameter so that tests can read it. */
export interface ProgramOptions {
  readonly terminal?: (options: { isJson: boolean }) => Terminal
}

/**
 * The whole command line, readable from top to bottom. Each verb's code is loaded when it is called, so
 * that the others don't wait for it.
 */
export function buildProgram({ terminal = createTerminal }: ProgramOptions = {}): Command {
  const program = new Command('soen')
    .description("Runs the team's MLflow platform, from a laptop to AWS.")
    .version(version, '-V, --version', 'Show the version.')
    .helpOption('-h, --help', 'Show this help.')
    .helpCommand('help [verb]', 'Show the help of a verb.')
    .showSuggestionAfterError()
    .showHelpAfterError("(see the verb's --help)")
    .exitOverride()
  const terminalFor = (options: { json?: boolean }): Terminal => terminal({ isJson: options.json ?? false })

  verb('up', 'Start the local platform: MLflow behind the front door.')
    .addOption(homeOption())
    .option('--port <port>', 'Port on 127.0.0.1; 0 takes any free one.', parsePort, 5500)
    .option(
      '--postgres <url>',
      'Keep runs in this PostgreSQL, not in SQLite. No password in it: see SOEN_POSTGRES_URL.',
    )
    .option('--artifacts <place>', 'Keep artifacts in s3://bucket/prefix or another folder.')
    .option('--s3-endpoint <url>', 'The S3 server, where it is not AWS.')
    .option('--example <program>', 'Then run this training program against it and show what it logged.')
    .option('--reset-admin-password', 'Give the admin account a new password and show it once.')
    .option('--dry-run', 'Show what would be started, and start nothing.')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'soen up',
        'soen up --port 8080',
        'soen up --postgres postgresql:///mlflow?host=/run/postgresql --artifacts s3://team/runs',
      ),
    )
    .action(async (options) => (await import('./local/run-platform.ts')).up(options, terminalFor(options)))

  verb('down', 'Stop the local platform from another terminal.')
    .addOption(homeOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('soen down'))
    .action(async (options) => (await import('./verbs/down.ts')).down(options, terminalFor(options)))

  withServerOptions(verb('status', 'Show on one screen how the server is, or the local platform.'))
    .addOption(homeOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples('soen status', 'soen status --target lab-vps', 'soen status --json | jq .state'),
    )
    .action(async (options) =>
      (await import('./local/platform-status.ts')).status(options, terminalFor(options)),
    )

  withServerOptions(verb('logs', 'Show the logs of the server, or of the local platform.'))
    .addArgument(new Argument('[program]', 'Whose log; all when left out.').choices([...logNames, 'caddy']))
    .option('--unit <name>', 'Any unit of the machine instead, for instance ssh.service.')
    .addOption(homeOption())
    .option('-n, --lines <count>', 'How many last lines to show.', parseCount, 50)
    .option('-f, --follow', 'Go on showing new lines until Ctrl-C.')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples('soen logs', 'soen logs mlflow -f', 'soen logs --target lab-vps --unit caddy'),
    )
    .action(async (name, options) =>
      (await import('./local/platform-logs.ts')).logs(name, options, terminalFor(options)),
    )

  addServerVerbs(program, terminalFor)

  verb('login', 'Sign this machine in to a server, by a token of its own.')
    .argument('<url>', 'The address of the server.')
    .option('--user <name>', 'Your account; asked for when left out.')
    .option('--name <name>', 'What the token is called. Default: this machine.')
    .option('--days <count>', 'How long the token lasts.', parseCount, 90)
    .option('--password-stdin', 'The password is the first line of stdin.')
    .addOption(
      new Option('--token-stdin', 'Take the token on the first line of stdin, and make none.').conflicts([
        'passwordStdin',
        'user',
        'name',
      ]),
    )
    .option('--plain-http', 'Send the password unencrypted, in a network where every machine is trusted.')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'soen login https://mlflow.example.org',
        'printf "%s\\n" "$PASSWORD" | soen login mlflow.example.org --user ada --password-stdin',
      ),
    )
    .action(async (url, options) =>
      (await import('./people/make-login.ts')).login(url, options, terminalFor(options)),
    )

  verb('logout', 'Revoke the token of this machine, and forget it.')
    .argument('[url]', 'The server. Default: the one that was signed in to last.')
    .addOption(jsonOption())
    .addHelpText('after', examples('soen logout', 'soen logout https://mlflow.example.org'))
    .action(async (url, options) =>
      (await import('./people/end-login.ts')).logout(url, options, terminalFor(options)),
    )

  verb('whoami', 'Show as whom this machine is signed in.')
    .option('--server <url>', 'The server. Default: the one that was signed in to last.')
    .addOption(jsonOption())
    .addHelpText('after', examples('soen whoami', 'soen whoami --json | jq -r .role'))
    .action(async (options) => (await import('./verbs/whoami.ts')).whoami(options, terminalFor(options)))

  addPeopleVerbs(program, terminalFor)
  addAuditVerbs(program, terminalFor)

  verb('sync', 'Deliver what trainings could not: the server was away, or they were killed.')
    .option('--config <file>', "The training's YAML with its logging block. Default: the environment.")
    .option('--spool <folder>', 'Folder of the journals. Default: the one that trainings use.')
    .option('--timeout <seconds>', 'The most that one run may take.', parseCount, 300)
    .option('--dry-run', 'Show what waits, and send nothing.')
    .addOption(jsonOption())
    .addHelpText('after', examples('soen sync --config train.yaml', 'soen sync --dry-run'))
    .action(async (options) =>
      (await import('./trainings/sync-journals.ts')).sync(options, terminalFor(options)),
    )

  verb('completion', 'Print the script that completes soen on Tab.')
    .addArgument(new Argument('<shell>', 'Your shell.').choices(['bash', 'zsh', 'fish']))
    .addHelpText(
      'after',
      examples(
        'soen completion bash >> ~/.bashrc',
        'soen completion fish > ~/.config/fish/completions/soen.fish',
      ),
    )
    .action(async (shell) => (await import('./verbs/completion.ts')).printCompletionScript(shell))

  // What that script calls; nobody types it.
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .action(async (words) => (await import('./verbs/completion.ts')).answerCompletion(program, words))

  return program

  function verb(name: string, summary: string): Command {
    return program.command(name).summary(summary).description(summary)
  }
}
