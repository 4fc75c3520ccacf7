import { homeOption, jsonOption, serverOption, withServerFlags } from './flags.ts'
import { newVerb, type Verb } from './verb.ts'

/** `soen audit`: who did what, on a server or on the local platform. */
export const audit: Verb = (parent, terminalFor) => {
  const group = newVerb(
    parent,
    'audit',
    'Show who did what.',
    'soen audit --run 4f2a… --action delete',
    'soen audit --denied --since 7d',
    'soen audit --follow',
    'soen audit --target team --since 1h',
    'soen audit verify',
  ).description('Show who did what, to which run, from where, and who was refused. Admins only.')
  const trail = withServerFlags(group)
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
    .action(async (flags) => {
      const { showTrail } = await import('../people/audit-trail.ts')
      await showTrail(flags, terminalFor(flags))
    })

  newVerb(
    trail,
    'verify',
    'Check that no record was altered, removed or moved.',
    'soen audit verify',
    'soen audit verify --target team',
    'soen audit verify --json | jq .flaws[0]',
  )
    .description('Check that no record was altered, removed or moved; exit code 1 when one was.')
    .action(async () => {
      const { verifyTrail } = await import('../people/audit-trail.ts')
      // The flags belong to the parent verb, which accepts them wherever they are typed.
      const flags = trail.opts()
      await verifyTrail(flags, terminalFor(flags))
    })
}
