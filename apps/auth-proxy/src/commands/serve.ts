import type { Writable } from 'node:stream'
import { auditFolder, parseKeepDays } from '../audit/audit-settings.ts'
import { openAudit } from '../audit/open-audit.ts'
import { Sightings } from '../audit/sightings.ts'
import { parseAllowedHost } from '../canonical/host.ts'
import { AuthProxyError, UsageError } from '../errors.ts'
import { openUpstream } from '../forward/upstream.ts'
import { openIdentity } from '../identity/open-identity.ts'
import { noSetup, openSetup } from '../identity/setup.ts'
import { parseListenAddress } from '../listen-address.ts'
import { listenOn } from '../listen.ts'
import { gatherLines } from '../log-lines.ts'
import { operationOf } from '../operation/operation-of.ts'
import { buildSite } from '../pages/site.ts'
import { buildServer } from '../server.ts'
import { closeGracefully, stopSignal } from '../stop.ts'
import { openStore } from '../store/open-store.ts'
import type { Command } from './command.ts'
import { readOptions, required } from './options.ts'

const options = {
  listen: { type: 'string' },
  upstream: { type: 'string' },
  state: { type: 'string' },
  'setup-secret-file': { type: 'string' },
  'behind-tls-proxy': { type: 'boolean', default: false },
  'audit-folder': { type: 'string' },
  'audit-days': { type: 'string' },
  'allowed-host': { type: 'string', multiple: true, default: [] as string[] },
} as const

/** `serve`: opens the front door until a signal closes it. Events on stdout, log on stderr, both NDJSON. */
export const serve: Command = async (args, { stdout, stderr }) => {
  try {
    await serveUntilStopped(args, stdout, stderr)
    return 0
  } catch (error) {
    if (!(error instanceof AuthProxyError)) throw error
    const { code, message, hint } = error
    writeEvent(stdout, { event: 'error', code, message, hint })
    return error instanceof UsageError ? 2 : 1
  }
}

async function serveUntilStopped(args: readonly string[], stdout: Writable, stderr: Writable): Promise<void> {
  const { values } = readOptions(args, options)
  const address = parseListenAddress(required(values.listen, 'listen'))
  const upstream = openUpstream(required(values.upstream, 'upstream'))
  const allowedHosts = values['allowed-host'].map(parseAllowedHost)
  const stopped = stopSignal()
  const log = gatherLines(stderr)
  const flush = (): void => log.flush()
  // Also when the program breaks: the last lines say why.
  process.once('exit', flush)

  const state = required(values.state, 'state')
  const keepDays = parseKeepDays(values['audit-days'])
  await using store = await openStore(state)
  await using identity = await openIdentity(store, {
    onError: (err) => app.log.error({ err }, 'The state cannot be read or written.'),
  })
  const folder = auditFolder(values['audit-folder'], state)
  await using audit = await openAudit(store, {
    ...{ folder, keepDays },
    onTrouble: (err, sink) =>
      app.log.error({ err }, `The audit ${sink} takes no record; they wait in memory.`),
    onRelief: (sink) => app.log.warn(`The audit ${sink} takes records again.`),
  })
  const setupFile = values['setup-secret-file']
  const isNew = setupFile !== undefined && identity.directory.isEmpty
  const setup = isNew ? openSetup(store, setupFile) : noSetup
  if (isNew) writeEvent(stdout, { event: 'setup', secretFile: setupFile, path: '/_soen/setup' })
  const app = buildServer({
    ...{ upstream, allowedHosts, log, authenticator: identity.authenticator },
    site: buildSite(identity, setup, { auditFolder: folder }),
    audit: { log: audit, sightings: new Sightings() },
    operation: operationOf(identity),
    isBehindTlsProxy: values['behind-tls-proxy'],
  })

  try {
    const url = await listenOn(app, address)
    writeEvent(stdout, { event: 'listening', url })
    app.log.info({ signal: await stopped }, 'stopping')
    await closeGracefully(app)
  } finally {
    flush()
    process.off('exit', flush)
    await upstream.destroy()
  }
}

function writeEvent(stdout: Writable, event: object): void {
  stdout.write(`${JSON.stringify(event)}\n`)
}
