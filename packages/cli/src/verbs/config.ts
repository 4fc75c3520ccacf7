import { homeOption, jsonOption, settingsOption, targetOption } from './flags.ts'
import { newVerb, type Verb } from './verb.ts'

/** `soen config`: shows the effective configuration from flags, variables, soen.yaml and logins. */
export const config: Verb = (parent, terminalFor) => {
  const summary = 'Show the settings as they are understood, without secrets.'
  newVerb(parent, 'config', summary, 'soen config', 'soen config --target team --json')
    .addOption(targetOption())
    .addOption(settingsOption())
    .addOption(homeOption())
    .addOption(jsonOption())
    .action(async (flags) => {
      const { showConfig } = await import('../people/show-config.ts')
      await showConfig(flags, terminalFor(flags))
    })
}
