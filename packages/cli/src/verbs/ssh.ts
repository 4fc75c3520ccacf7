import { withServerFlags } from './flags.ts'
import { newVerb, type Verb } from './verb.ts'

/** `soen ssh`: opens a shell on the machine or runs one command; exits with its code. */
export const ssh: Verb = (parent, terminalFor) => {
  const summary = 'Open a shell on the machine, or run one command there.'
  withServerFlags(newVerb(parent, 'ssh', summary, 'soen ssh', 'soen ssh -- df -h'))
    .argument('[command...]', 'What to run; a shell when left out.')
    .action(async (words, flags) => {
      const { findServer } = await import('../roads/find-place.ts')
      const server = await findServer(flags)
      process.exitCode = await server.handOver(flags, terminalFor({}), words)
    })
}
