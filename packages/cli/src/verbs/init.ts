import { Option } from '@commander-js/extra-typings'
import { jsonOption, settingsOption } from './flags.ts'
import { newVerb, type Verb } from './verb.ts'

/** `soen init`: writes a settings file after a few questions. */
export const init: Verb = (parent, terminalFor) => {
  newVerb(
    parent,
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
    .action(async (flags) => {
      const { writeNewSettings } = await import('../targets/new-settings.ts')
      await writeNewSettings(flags, terminalFor(flags))
    })
}
