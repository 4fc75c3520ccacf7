import { environmentLines } from '../output/environment-lines.ts'
import type { Terminal } from '../output/terminal.ts'
import type { Server } from '../roads/find-place.ts'
import { serverScreen } from './describe-status.ts'
import type { ServerOptions } from './server-options.ts'

/** Shows a server's state on one screen. Exit code 1 where it is not healthy. */
export async function showServer(
  server: Server,
  options: ServerOptions & { readonly isEnv?: boolean },
  terminal: Terminal,
): Promise<void> {
  await using road = await server.open(options, terminal)
  const status = await road.ask({ verb: 'status' })
  if (status.health !== 'healthy') process.exitCode = 1
  const { domain } = server.target
  if (options.isEnv) return terminal.result(environmentLines(`https://${domain}`))
  if (options.json) return terminal.json({ target: server.name, server: `https://${domain}`, ...status })
  for (const line of serverScreen(domain, status, Date.now())) terminal.result(line)
}
