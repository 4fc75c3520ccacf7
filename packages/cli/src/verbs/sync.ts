import { jsonOption, parseCount } from './flags.ts'
import { newVerb, type Verb } from './verb.ts'

/** `soen sync`: delivers what remains in the journals of programs that ended or were killed. */
export const sync: Verb = (parent, terminalFor) => {
  newVerb(
    parent,
    'sync',
    'Deliver what trainings could not: the server was away, or they were killed.',
    'soen sync --config train.yaml',
    'soen sync --dry-run',
    'soen sync --to https://mlflow.example.org',
  )
    .option('--config <file>', "The training's YAML with its logging block. Default: the environment.")
    .option(
      '--to <address>',
      'The server has moved: deliver to this address what waits for any other one, too.',
    )
    .option('--spool <folder>', 'Folder of the journals. Default: the one that trainings use.')
    .option('--timeout <seconds>', 'The most that one run may take.', parseCount, 300)
    .option('--dry-run', 'Show what waits, and send nothing.')
    .addOption(jsonOption())
    .action(async (flags) => {
      const { deliverJournals } = await import('../trainings/sync-journals.ts')
      await deliverJournals(flags, terminalFor(flags))
    })
}
