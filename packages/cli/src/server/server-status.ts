import type { ServerStatus } from '@soen/host'
import type { Terminal } from '../output/terminal.ts'
import type { ServerOptions } from './deploy.ts'
import { serverScreen } from './describe-status.ts'
import type { FoundSshTarget } from '../targets/find-target.ts'
import { openHost } from '../roads/open-road.ts'

/** One screen about the server of a target. Exit code 1 where it is not healthy. */
export async function serverStatus(
  found: FoundSshTarget,
  options: ServerOptions,
  terminal: Terminal,
): Promise<void> {
  await using host = await openHost(found, options, terminal)
  const status = await host.ask<ServerStatus>({ verb: 'status' })
  if (status.health !== 'healthy') process.exitCode = 1
  const { domain } = found.target
  if (options.json) return terminal.json({ target: found.name, server: `https://${domain}`, ...status })
  for (const line of serverScreen(domain, status, Date.now())) terminal.result(line)
}
