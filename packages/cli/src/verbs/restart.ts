import { whoWeAre } from '../system-user.ts'
import { version } from '../version.ts'
import { newServerVerb, type Verb } from './verb.ts'

/** `soen restart`: restarts MLflow and the front door, each only when the one before it is healthy. */
export const restart: Verb = (parent, terminalFor) => {
  const summary = 'Restart MLflow and the front door, each when the one before is healthy.'
  newServerVerb(parent, 'restart', summary, 'soen restart')
    .option('--dry-run', 'Show what would be restarted, and restart nothing.')
    .action(async (flags) => {
      const { findServer } = await import('../roads/find-place.ts')
      const terminal = terminalFor(flags)
      const { name, target, open } = await findServer(flags)
      if (flags.dryRun) {
        const units = ['soen-mlflow.service', 'soen-auth-proxy.service']
        if (flags.json) return terminal.json({ target: name, wouldRestart: units })
        return units.forEach((unit) => terminal.result(`would restart ${unit}`))
      }
      await using road = await open(flags, terminal)
      const { health, units } = await terminal.step(
        'Restarting the server',
        () => road.ask({ verb: 'restart', by: whoWeAre(), version }),
        (report) => report.health === 'healthy',
      )
      if (health !== 'healthy') process.exitCode = 1
      if (flags.json) terminal.json({ target: name, health, units })
      else terminal.result(`${target.domain} is ${health}`)
    })
}
