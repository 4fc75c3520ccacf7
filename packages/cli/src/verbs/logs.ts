import { Argument } from '@commander-js/extra-typings'
import { logNames } from '../local/log-files.ts'
import { homeOption, jsonOption, parseCount, withServerFlags } from './flags.ts'
import { newVerb, type Verb } from './verb.ts'

/** `soen logs`: shows the logs of a server or of the local platform. */
export const logs: Verb = (parent, terminalFor) => {
  const examples = ['soen logs', 'soen logs mlflow -f', 'soen logs --target lab-vps --unit caddy']
  const summary = 'Show the logs of the server, or of the local platform.'
  withServerFlags(newVerb(parent, 'logs', summary, ...examples))
    .addArgument(new Argument('[program]', 'Whose log; all when left out.').choices([...logNames, 'caddy']))
    .option('--unit <name>', 'Any unit of the machine instead, for instance ssh.service.')
    .addOption(homeOption())
    .option('-n, --lines <count>', 'How many last lines to show.', parseCount, 50)
    .option('-f, --follow', 'Go on showing new lines until Ctrl-C.')
    .addOption(jsonOption())
    .action(async (name, flags) => {
      const { findPlace } = await import('../roads/find-place.ts')
      const place = await findPlace(flags)
      if (place.kind === 'server') {
        const { showJournal } = await import('../server/journal.ts')
        return showJournal(place.server(), { ...flags, unit: flags.unit ?? name }, terminalFor(flags))
      }
      const { showLogs } = await import('../local/platform-logs.ts')
      return showLogs(name, flags, terminalFor(flags))
    })
}
