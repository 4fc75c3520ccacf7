import { jsonOption } from './flags.ts'
import { newVerb, type Verb } from './verb.ts'

/** `soen whoami`: shows which account this machine is signed in as. */
export const whoami: Verb = (parent, terminalFor) => {
  newVerb(
    parent,
    'whoami',
    'Show as whom this machine is signed in.',
    'soen whoami',
    'soen whoami --json | jq -r .role',
  )
    .option('--server <url>', 'The server. Default: the one that was signed in to last.')
    .addOption(jsonOption())
    .action(async (flags) => {
      const { askWhoWeAre } = await import('../people/ask-who-we-are.ts')
      await askWhoWeAre(flags, terminalFor(flags))
    })
}
