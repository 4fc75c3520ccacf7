import { Option } from '@commander-js/extra-typings'
import { homeOption, jsonOption, parsePort, settingsOption } from './flags.ts'
import { newVerb, type Verb } from './verb.ts'

/** `soen up`: runs the platform on this computer. */
export const up: Verb = (parent, terminalFor) => {
  newVerb(
    parent,
    'up',
    'Start the local platform: MLflow behind the front door.',
    'soen up',
    'soen up --port 8080',
    'soen up --postgres postgresql:///mlflow?host=/run/postgresql --artifacts s3://team/runs',
  )
    .addOption(homeOption())
    .addOption(
      new Option(
        '--target <name>',
        'The platform, as soen.yaml calls it. Default: its only one on this computer.',
      ),
    )
    .addOption(settingsOption())
    .option(
      '--port <port>',
      'Port on 127.0.0.1; 0 takes any free one. Default: that of soen.yaml, else 5500.',
      parsePort,
    )
    .option(
      '--postgres <url>',
      'Keep runs in this PostgreSQL, not in SQLite. No password in it: see SOEN_POSTGRES_URL.',
    )
    .option('--artifacts <place>', 'Keep artifacts in s3://bucket/prefix or another folder.')
    .option('--s3-endpoint <url>', 'The S3 server, where it is not AWS.')
    .option('--migrate-database', 'Migrate the PostgreSQL of an older MLflow: copy it first, with pg_dump.')
    .option('--example <program>', 'Then run this training program against it and show what it logged.')
    .option('--reset-admin-password', 'Give the admin account a new password and show it once.')
    .option('--dry-run', 'Show what would be started, and start nothing.')
    .addOption(jsonOption())
    .action(async (flags) => {
      const { runPlatform } = await import('../local/run-platform.ts')
      await runPlatform(flags, terminalFor(flags))
    })
}
