import type { Writable } from 'node:stream'
import type { FastifyBaseLogger } from 'fastify'
import { openAudit } from '../audit/open-audit.ts'
import { Sightings } from '../audit/sightings.ts'
import { AuthProxyError, fieldsOf, UsageError } from '../errors.ts'
import { openUpstream } from '../forward/upstream.ts'
import { openIdentity } from '../identity/open-identity.ts'
import { noSetup, openSetup } from '../identity/setup.ts'
import { listenOn } from '../listen.ts'
import { gatherLines } from '../log-lines.ts'
import { operationOf } from '../operation/operation-of.ts'
import { buildSite } from '../pages/site.ts'
import { buildServer } from '../server.ts'
import { closeGracefully, stopSignal } from '../stop.ts'
import { openStore } from '../store/open-store.ts'
import { readSettings } from '../settings/read-settings.ts'
import type { EffectiveSettings } from '../settings/read-settings.ts'
import { RunningSettings } from '../settings/running-settings.ts'
import { settingKeys } from '../settings/setting-keys.ts'
import type { SettingKind } from '../settings/setting-keys.ts'
import { showSettings } from '../settings/show-settings.ts'
import type { Command, Terminal } from './command.ts'
import { readOptions } from './options.ts'

const options = {
  ...Object.fromEntries(settingKeys.map(({ flag, kind }) => [flag, optionOf(kind)])),
  config: { type: 'string' },
  check: { type: 'boolean' },
  json: { type: 'boolean' },
} as const

function optionOf(kind: SettingKind): { type: 'string' | 'boolean'; multiple: boolean } {
  return { type: kind === 'switch' ? 'boolean' : 'string', multiple: kind === 'list' }
}

/** `serve`: opens the front door until a signal closes it. Events on stdout, log on stderr, both NDJSON. */
export const serve: Command = async (args, { stdout, stderr }) => {
  try {
    const { values } = readOptions(args, options)
    const read = (): EffectiveSettings => readSettings({ flags: values, env: process.env })
    if (values['check'] === true) return check(read, { stdout, stderr }, values['json'] === true)
    await serveUntilStopped(read, stdout, stderr)
    return 0
  } catch (error) {
    if (!(error instanceof AuthProxyError)) throw error
    writeEvent(stdout, { event: 'error', ...fieldsOf(error) })
    return error instanceof UsageError ? 2 : 1
  }
}

/** `serve --check`: whether the front door could start with these settings, and which they are. */
function check(
  read: () => EffectiveSettings,
  { stdout, stderr }: Pick<Terminal, 'stdout' | 'stderr'>,
  asJson: boolean,
): number {
  try {
    showSettings(read(), stdout, asJson)
    return 0
  } catch (error) {
    if (!(error instanceof AuthProxyError)) throw error
    stderr.write(`${error.message}\n${error.hint} (${error.code})\n`)
    return 1
  }
}

async function serveUntilStopped(
  read: () => EffectiveSettings,
  stdout: Writable,
  stderr: Writable,
): Promise<void> {
  const running = new RunningSettings(read().settings)
  const { listen, state, setupSecretFile: setupFile, auditDays: keepDays } = running.inForce
  const upstream = openUpstream(running.inForce.upstream)
  const stopped = stopSignal()
  const log = gatherLines(stderr)
  const flush = (): void => log.flush()
  // Also when the program breaks: the last lines say why.
  process.once('exit', flush)

  await using store = await openStore(state)
  await using identity = await openIdentity(store, {
    onError: (err) => app.log.error({ err }, 'The state cannot be read or written.'),
  })
  const folder = running.inForce.auditFolder
  await using audit = await openAudit(store, {
    ...{ folder, keepDays },
    onTrouble: (err, sink) =>
      app.log.error({ err }, `The audit ${sink} takes no record; they wait in memory.`),
    onRelief: (sink) => app.log.warn(`The audit ${sink} takes records again.`),
    onDoubt: (daysAhead) =>
      app.log.warn(
        { daysAhead },
        `The clock is ${daysAhead} days ahead of the time that passed here; no audit record is dropped for that yet.`,
      ),
  })
  const isNew = setupFile !== undefined && identity.directory.isEmpty
  const setup = isNew ? openSetup(identity, setupFile) : noSetup
  if (isNew) writeEvent(stdout, { event: 'setup', secretFile: setupFile, path: '/_soen/setup' })
  const app = buildServer({
    ...{ upstream, log, authenticator: identity.authenticator, live: () => running.live },
    site: buildSite(identity, setup, { auditFolder: folder }),
    audit: { log: audit, sightings: new Sightings() },
    operation: operationOf(identity),
    isBehindTlsProxy: running.inForce.behindTlsProxy,
  })
  app.log.level = running.inForce.logLevel

  const onHangup = (): void => reload(running, read, { log: app.log, stdout })

  try {
    const url = await listenOn(app, listen)
    process.on('SIGHUP', onHangup)
    writeEvent(stdout, { event: 'listening', url })
    app.log.info({ signal: await stopped }, 'stopping')
    await closeGracefully(app, { graceMs: running.inForce.drainSeconds * 1000 })
  } finally {
    process.off('SIGHUP', onHangup)
    flush()
    process.off('exit', flush)
    await upstream.destroy()
  }
}

/** Takes over what can change; settings that are not good change nothing, and that is said loudly. */
function reload(
  running: RunningSettings,
  read: () => EffectiveSettings,
  { log, stdout }: { readonly log: FastifyBaseLogger; readonly stdout: Writable },
): void {
  try {
    const { changed, needRestart } = running.reload(() => read().settings)
    log.level = running.inForce.logLevel
    const text = needRestart.length === 0 ? '' : `; only a restart takes over ${needRestart.join(', ')}`
    log.warn(
      { changed, needRestart },
      `Settings read again: ${changed.join(', ') || 'nothing'} changed${text}.`,
    )
    writeEvent(stdout, { event: 'reloaded', changed, needRestart })
  } catch (error) {
    if (!(error instanceof AuthProxyError)) throw error
    const { code, message, hint } = error
    log.error({ code, hint }, `The settings stay as they were: ${message}`)
    writeEvent(stdout, { event: 'reload-refused', code, message, hint })
  }
}

function writeEvent(stdout: Writable, event: object): void {
  stdout.write(`${JSON.stringify(event)}\n`)
}
