import { homeOption, jsonOption } from './flags.ts'
import { newVerb, type Verb } from './verb.ts'

/** `soen down`: stops the local platform from another terminal. */
export const down: Verb = (parent, terminalFor) => {
  newVerb(parent, 'down', 'Stop the local platform from another terminal.', 'soen down')
    .addOption(homeOption())
    .addOption(jsonOption())
    .action(async (flags) => {
      const { stopPlatform } = await import('../local/stop-platform.ts')
      await stopPlatform(flags, terminalFor(flags))
    })
}
