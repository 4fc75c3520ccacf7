import { Argument, Option, type Command } from 'commander'
import { examples, homeOption, jsonOption, parseCount } from './flags.ts'
import type { Terminal } from '../output/terminal.ts'
import { settingsOption, withServerOptions } from './server-flags.ts'

/** The verbs about a server of soen.yaml: making it, looking at it, changing who comes in. */
export function addServerVerbs(
  program: Command,
  terminalFor: (options: { json?: boolean }) => Terminal,
): void {
  verb(
    'init',
    'Write soen.yaml after at most five questions.',
    'soen init',
    'soen init --machine deploy@lab.example.org --domain mlflow.example.org',
  )
    .addOption(settingsOption())
    .option('--name <target>', 'Name of the server in the file.', 'team')
    .option('--machine <address>', 'The machine, as user@host:port.')
    .option('--jump <hosts>', 'Jump hosts on the way, nearest first, separated by commas; empty for none.')
    .option('--domain <name>', 'Public name of the server.')
    .addOption(
      new Option('--tls <mode>', 'Who vouches for its certificate.')
        .choices(['acme', 'internal', 'none'])
        .default('acme'),
    )
    .option('--email <address>', 'Where the certificate authority writes to; empty for nowhere.')
    .option('--artifacts <place>', 'disk or s3://BUCKET/FOLDER.')
    .option('--force', 'Replace the file that is there.')
    .option('--print-example', 'Print the annotated example with every key, and ask nothing.')
    .option('--dry-run', 'Print what would be written, and write nothing.')
    .addOption(jsonOption())
    .action(async (options) =>
      (await import('../targets/new-settings.ts')).init(options, terminalFor(options)),
    )

  serverVerb(
    'plan',
    'Show what a deploy would change; exit code 3 where there is something.',
    'soen plan',
    'soen plan --target lab-vps --json',
  )
    .addOption(offlineOption())
    .action(async (options) => (await import('../server/deploy.ts')).plan(options, terminalFor(options)))

  serverVerb(
    'deploy',
    'Make the machine the server that soen.yaml describes.',
    'soen deploy',
    'soen deploy --target lab-vps --wait 600',
  )
    .option('--dry-run', 'Show what would change, and change nothing; the same as soen plan.')
    .option('--wait <seconds>', 'How long to wait for another deploy to that machine.', parseCount, 0)
    .addOption(offlineOption())
    .action(async (options) => (await import('../server/deploy.ts')).deploy(options, terminalFor(options)))

  serverVerb(
    'destroy',
    'Take the server off its machine; its data stays.',
    'soen destroy --dry-run',
    'soen destroy --yes',
  )
    .option('--dry-run', 'Show what would be removed, and remove nothing.')
    .option('--yes', 'Do not ask first.')
    .action(async (options) => (await import('./destroy.ts')).destroy(options, terminalFor(options)))

  serverVerb('eject', 'Print what a deploy does as shell and unit files.', 'soen eject > server.sh').action(
    async (options) => (await import('./eject.ts')).eject(options, terminalFor(options)),
  )

  serverVerb(
    'restart',
    'Restart MLflow and the front door, each when the one before is healthy.',
    'soen restart',
  )
    .option('--dry-run', 'Show what would be restarted, and restart nothing.')
    .action(async (options) => (await import('./restart.ts')).restart(options, terminalFor(options)))

  withServerOptions(
    verb('ssh', 'Open a shell on the machine, or run one command there.', 'soen ssh', 'soen ssh -- df -h'),
  )
    .argument('[command...]', 'What to run; a shell when left out.')
    .action(async (words, options) => (await import('./ssh.ts')).ssh(words, options, terminalFor({})))

  verb('open', "Open the server's pages in your browser.", 'soen open', 'soen open --print')
    .option('--target <name>', 'The server, as soen.yaml calls it. Default: its only one.')
    .addOption(settingsOption())
    .addOption(homeOption())
    .option('--print', 'Print the address, and open nothing.')
    .addOption(jsonOption())
    .action(async (options) => (await import('./open.ts')).open(options, terminalFor(options)))

  serverVerb(
    'cert',
    'Show the certificate that is really served, or fetch a new one.',
    'soen cert show',
    'soen cert renew',
  )
    .addArgument(new Argument('<what>', 'What to do.').choices(['show', 'renew'] as const))
    .option('--dry-run', 'Show the certificate, and fetch none.')
    .action(async (what, options) => (await import('./cert.ts')).cert(what, options, terminalFor(options)))

  serverVerb(
    'allow-ip',
    'Change who may come in where a door is restricted.',
    'soen allow-ip me --for 30d',
    'soen allow-ip 192.0.2.0/24 --label office',
    'soen allow-ip list',
    'soen allow-ip remove office',
  )
    .argument('<who>', '`me`, an address, a network, `list`, or `remove`.')
    .argument('[what]', 'The label or network that `remove` takes off the list.')
    .option('--for <time>', 'When the entry ends, for instance 12h or 30d; never when left out.')
    .option('--label <label>', 'Whose it is: it replaces the earlier entry of that label.')
    .addOption(new Option('--door <door>', 'Which door.').choices(['ssh', 'web', 'both']).default('both'))
    .option('--dry-run', 'Show the entry, and change nothing.')
    .action(async (who, what, options) =>
      (await import('../server/allow-list.ts')).allowIp(who, what, options, terminalFor(options)),
    )

  serverVerb('support-bundle', 'Collect what helps to find a fault, without secrets.', 'soen support-bundle')
    .option('-o, --output <file>', 'Where to write it. Default: soen-support-TARGET.txt here.')
    .action(async (options) =>
      (await import('./support-bundle.ts')).supportBundle(options, terminalFor(options)),
    )

  function serverVerb(name: string, summary: string, ...lines: readonly string[]): Command {
    return withServerOptions(verb(name, summary, ...lines)).addOption(jsonOption())
  }

  function verb(name: string, summary: string, ...lines: readonly string[]): Command {
    return program
      .command(name)
      .summary(summary)
      .description(summary)
      .addHelpText('after', examples(...lines))
  }
}

function offlineOption(): Option {
  return new Option(
    '--offline-bundle <file>',
    'A tar archive with wheels/*.whl and packages/*.deb, for a machine without internet.',
  ).env('SOEN_OFFLINE_BUNDLE')
}
