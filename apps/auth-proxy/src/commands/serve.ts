import type { Writable } from 'node:stream'
import { openAudit } from '../audit/open-audit.ts'
import { Sightings } from '../audit/sightings.ts'
import { AuthProxyError, fieldsOf, UsageError } from '../errors/auth-proxy-error.ts'
import { openUpstream } from '../forward/upstream.ts'
import { openIdentity } from '../identity/open-identity.ts'
import { noSetup, openSetup } from '../actions/setup.ts'
import { closeGracefully } from '../http/close-gracefully.ts'
import { listenOn } from '../http/listen.ts'
import { gatherLines } from '../log/log-lines.ts'
import { Log } from '../log/log.ts'
import { operationOf } from '../operation/operation-of.ts'
import { buildSite } from '../pages/site.ts'
import { buildServer } from '../server.ts'
import { openStore } from '../store/open-store.ts'
import { readSettings } from '../settings/read-settings.ts'
import type { EffectiveSettings } from '../settings/read-settings.ts'
import { RunningSettings } from '../settings/running-settings.ts'
import { settingKeys } from '../settings/setting-keys.ts'
import type { SettingKind } from '../settings/setting-keys.ts'
import { showSettings } from '../settings/show-settings.ts'
import type { Command, Terminal } from './command.ts'
import { readOptions } from './options.ts'
import { stopSignal } from './stop-signal.ts'

const options = {
  ...Object.fromEntries(settingKeys.map(({ flag, kind }) => [flag, optionOf(kind)])),
  config: { type: 'string' },
  check: { type: 'boolean' },
  json: { type: 'boolean' },
} as const

function optionOf(kind: SettingKind): { type: 'string' | 'boolean'; multiple: boolean } {
  return { type: kind === 'switch' ? 'boolean' : 'string', multiple: kind === 'list' }
}

/** `serve`: runs the front door until a signal stops it. Events go to stdout, the log to stderr, both as NDJSON. */
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

/** `serve --check`: prints the settings and whether the front door could start with them. */
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
  const lines = gatherLines(stderr)
  const log = new Log(lines)
  log.level = running.inForce.logLevel
  const flush = (): void => lines.flush()
  // Also when the program crashes: the last lines say why.
  process.once('exit', flush)

  await using store = await openStore(state)
  await using identity = await openIdentity(store, {
    onError: (err) => log.error('The state cannot be read or written.', { err }),
  })
  const folder = running.inForce.auditFolder
  await using audit = await openAudit(store, {
    folder,
    keepDays,
    onTrouble: (err, sink) => log.error(`The audit ${sink} takes no record; they wait in memory.`, { err }),
    onRelief: (sink) => log.warn(`The audit ${sink} takes records again.`),
    onDoubt: (daysAhead) =>
      log.warn(
        `The clock is ${daysAhead} days ahead of the time that passed here; no audit record is dropped for that yet.`,
        { daysAhead },
      ),
  })
  const isNew = setupFile !== undefined && identity.directory.isEmpty
  const setup = isNew ? openSetup(identity, setupFile) : noSetup
  if (isNew) writeEvent(stdout, { event: 'setup', secretFile: setupFile, path: '/_soen/setup' })
  const server = buildServer({
    upstream,
    log,
    authenticator: identity.authenticator,
    live: () => running.live,
    site: buildSite(identity, setup, {
      auditFolder: folder,
      auditSignatures: running.inForce.auditSignatures,
      teamName: () => running.inForce.teamName,
    }),
    audit: {
      log: audit,
      sightings: new Sightings(),
    },
    operation: operationOf(identity),
    isBehindTlsProxy: running.inForce.behindTlsProxy,
  })

  const onHangup = (): void => reload(running, read, { log, stdout })

  try {
    const url = await listenOn(server, listen)
    process.on('SIGHUP', onHangup)
    writeEvent(stdout, { event: 'listening', url })
    log.info('stopping', { signal: await stopped })
    await closeGracefully(server, { graceMs: running.inForce.drainSeconds * 1000 })
  } finally {
    process.off('SIGHUP', onHangup)
    flush()
    process.off('exit', flush)
    await upstream.destroy()
  }
}

/** Applies changed settings; invalid ones change nothing and are reported as an error. */
function reload(
  running: RunningSettings,
  read: () => EffectiveSettings,
  { log, stdout }: { readonly log: Log; readonly stdout: Writable },
): void {
  try {
    const { changed, needRestart } = running.reload(() => read().settings)
    log.level = running.inForce.logLevel
    const text = needRestart.length === 0 ? '' : `; only a restart takes over ${needRestart.join(', ')}`
    log.warn(`Settings read again: ${changed.join(', ') || 'nothing'} changed${text}.`, {
      changed,
      needRestart,
    })
    writeEvent(stdout, { event: 'reloaded', changed, needRestart })
  } catch (error) {
    if (!(error instanceof AuthProxyError)) throw error
    const { code, message, hint } = error
    log.error(`The settings stay as they were: ${message}`, { code, hint })
    writeEvent(stdout, { event: 'reload-refused', code, message, hint })
  }
}

function writeEvent(stdout: Writable, event: object): void {
  stdout.write(`${JSON.stringify(event)}\n`)
}
