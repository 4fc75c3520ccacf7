import type { ServerStatus } from '@soen/host'
import type { Terminal } from '../output/terminal.ts'
import { findSshTarget } from '../targets/find-target.ts'
import { openHost, whoWeAre } from '../roads/open-road.ts'
import { version } from '../version.ts'
import type { ServerOptions } from '../server/deploy.ts'

/** Restarts MLflow and the front door, each only when what is before it answers. */
export async function restart(
  options: ServerOptions & { readonly dryRun?: boolean },
  terminal: Terminal,
): Promise<void> {
  const found = await findSshTarget(options)
  if (options.dryRun) {
    const units = ['soen-mlflow.service', 'soen-auth-proxy.service']
    if (options.json) return terminal.json({ target: found.name, wouldRestart: units })
    return units.forEach((unit) => terminal.result(`would restart ${unit}`))
  }
  await using host = await openHost(found, options, terminal)
  const status = await terminal.step('Restarting the server', () =>
    host.ask<ServerStatus>({ verb: 'restart', by: whoWeAre(), version }),
  )
  if (options.json) terminal.json({ target: found.name, health: status.health, units: status.units })
  else terminal.result(`${found.target.domain} is ${status.health}`)
}
