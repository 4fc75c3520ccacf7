import { hostname, userInfo } from 'node:os'
import { dirname } from 'node:path'
import type { JournalHeader } from '../journal/header.ts'
import { lazyCrypto } from '../node/lazy-crypto.ts'
import type { Identity, RemoteSettings } from '../settings/settings.ts'
import { automaticTags } from './automatic-tags.ts'
import { readGitCheckout } from './git.ts'
import { resumeKeyFrom } from './resume-key.ts'
import type { RunOptions } from './run.ts'
import { clientVersion } from './version.ts'

/** The header of a run, fixed when it is started. */
export function planHeader(
  settings: RemoteSettings,
  options: RunOptions,
  parent?: Pick<JournalHeader, 'clientRunId' | 'experiment' | 'experimentId'>,
): JournalHeader {
  const { trackingUri, credentials } = settings
  const clientRunId = lazyCrypto().randomUUID()
  const identity = identityOf(settings, options)
  const name = textOf(options.name) ?? `run-${clientRunId.slice(0, 8)}`
  const program = process.argv[1] ?? process.execPath
  const login =
    credentials?.kind === 'basic' && credentials.username !== '' ? credentials.username : systemUser()
  const userId = identity.member ?? login
  const { resumeKey, overlap, runId } = options
  return {
    version: 1,
    clientRunId,
    trackingUri,
    ...experimentOf(options, parent ?? settings),
    name,
    names: settings.keepSlashes ? 'paths' : 'flat',
    startTimeMs: Date.now(),
    userId,
    tags: automaticTags({
      identity,
      userId,
      runName: name,
      program,
      host: hostname(),
      clientVersion: clientVersion(),
      git: readGitCheckout(dirname(program)),
    }),
    ...(resumeKey !== undefined && { resumeKey: resumeKeyFrom(resumeKey, identity), overlap }),
    ...(runId !== undefined && { joins: runId }),
    ...(parent !== undefined && { parentId: parent.clientRunId }),
  }
}

/** The run's own experiment is given by name; an inherited one may be given by id. */
function experimentOf(
  { experiment }: RunOptions,
  inherited: Pick<JournalHeader, 'experiment' | 'experimentId'>,
): Pick<JournalHeader, 'experiment' | 'experimentId'> {
  const given = textOf(experiment)
  if (given !== undefined) return { experiment: given }
  const { experimentId } = inherited
  return { experiment: inherited.experiment, ...(experimentId !== undefined && { experimentId }) }
}

/** Plain JavaScript passes numbers, too: the seed as the name, for instance. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : undefined
}

function identityOf(settings: RemoteSettings, options: RunOptions): Identity {
  const { project, member, repeat, seed } = options
  const given = Object.entries({ project, member, repeat, seed })
  return { ...settings.identity, ...Object.fromEntries(given.filter(([, value]) => value !== undefined)) }
}

/** In a container the user id may have no name. */
function systemUser(): string {
  try {
    return userInfo().username
  } catch {
    return 'unknown'
  }
}
