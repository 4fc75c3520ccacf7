import type { Command } from 'commander'
import { examples, homeOption, jsonOption } from './flags.ts'
import type { Terminal } from '../output/terminal.ts'
import { serverOption } from './account-verb.ts'
import { withServerOptions } from './server-flags.ts'

/** The verbs about who did what, on a server or on the local platform. */
export function addAuditVerbs(
  program: Command,
  terminalFor: (options: { json?: boolean }) => Terminal,
): void {
  const audit = withServerOptions(program.command('audit'))
    .summary('Show who did what.')
    .description('Show who did what, to which run, from where, and who was refused. Admins only.')
    .option('--run <id>', 'Only what touched this run.')
    .option('--experiment <id>', 'Only what touched this experiment, or a run in it.')
    .option('--user <name>', 'Only what this account did, or was refused.')
    .option('--action <part>', 'Only actions whose name has this in it, for instance runs/delete.')
    .option('--denied', 'Only what was refused.')
    .option('--since <when>', 'From then on: 30m, 12h, 7d, 4w, a day, or a time in UTC.')
    .option('--until <when>', 'Before then, written the same way.')
    .option('--limit <count>', 'How many, the newest first: 1 to 1000.', '50')
    .option('-f, --follow', 'Go on showing what happens until Ctrl-C.')
    .addOption(serverOption())
    .addOption(homeOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'soen audit --run 4f2a… --action delete',
        'soen audit --denied --since 7d',
        'soen audit --follow',
        'soen audit --target team --since 1h',
        'soen audit verify',
      ),
    )
    .action(async (options) =>
      (await import('../people/audit-trail.ts')).audit(options, terminalFor(options)),
    )

  audit
    .command('verify')
    .summary('Check that no record was altered, removed or moved.')
    .description('Check that no record was altered, removed or moved; exit code 1 when one was.')
    .addHelpText(
      'after',
      examples(
        'soen audit verify',
        'soen audit verify --target team',
        'soen audit verify --json | jq .flaws[0]',
      ),
    )
    .action(async () => {
      // The options stand at the verb above, which takes them wherever they were typed.
      const options = audit.opts()
      return (await import('../people/audit-trail.ts')).auditVerify(options, terminalFor(options))
    })
}
