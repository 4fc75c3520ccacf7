import { offlineOption, parseCount } from './flags.ts'
import { newServerVerb, type Verb } from './verb.ts'

/** `soen deploy`: makes the machine as soen.yaml says. */
export const deploy: Verb = (parent, terminalFor) => {
  newServerVerb(
    parent,
    'deploy',
    'Make the machine the server that soen.yaml describes.',
    'soen deploy',
    'soen deploy --target lab-vps --wait 600',
  )
    .option('--dry-run', 'Show what would change, and change nothing; the same as soen plan.')
    .option('--wait <seconds>', 'How long to wait for another deploy to that machine.', parseCount, 0)
    .addOption(offlineOption())
    .action(async (flags) => {
      const { makeServer, showChanges } = await import('../server/deploy.ts')
      await (flags.dryRun ? showChanges : makeServer)(flags, terminalFor(flags))
    })
}
