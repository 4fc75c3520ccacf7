import { Option } from '@commander-js/extra-typings'
import { homeOption, jsonOption, withServerFlags } from './flags.ts'
import { newVerb, type Verb } from './verb.ts'

/** `soen status`: shows the state of a server or of the local platform on one screen. */
export const status: Verb = (parent, terminalFor) => {
  const examples = [
    'soen status',
    'soen status --target lab-vps',
    'soen status --json | jq .state',
    'eval "$(soen status -o env)"',
  ]
  const summary = 'Show on one screen how the server is, or the local platform.'
  withServerFlags(newVerb(parent, 'status', summary, ...examples))
    .addOption(homeOption())
    .addOption(jsonOption())
    .addOption(
      new Option('-o, --output <format>', 'How to write it; env is what a shell may eval.').choices([
        'text',
        'json',
        'env',
      ]),
    )
    .action(async ({ output, ...given }) => {
      const flags = { ...given, ...(output === 'json' && { json: true as const }), isEnv: output === 'env' }
      const { findPlace } = await import('../roads/find-place.ts')
      const place = await findPlace(flags)
      if (place.kind === 'server') {
        const { showServer } = await import('../server/server-status.ts')
        return showServer(place.server(), flags, terminalFor(flags))
      }
      const { showPlatform } = await import('../local/platform-status.ts')
      return showPlatform(flags, terminalFor(flags))
    })
}
