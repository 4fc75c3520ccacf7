import { offlineOption } from './flags.ts'
import { newServerVerb, type Verb } from './verb.ts'

/** `soen plan`: shows what a deploy would change. */
export const plan: Verb = (parent, terminalFor) => {
  newServerVerb(
    parent,
    'plan',
    'Show what a deploy would change; exit code 3 where there is something.',
    'soen plan',
    'soen plan --target lab-vps --json',
  )
    .addOption(offlineOption())
    .action(async (flags) => {
      const { showChanges } = await import('../server/deploy.ts')
      await showChanges(flags, terminalFor(flags))
    })
}
