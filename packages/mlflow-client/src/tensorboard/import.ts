import { createHash } from 'node:crypto'
import { basename, dirname, relative, resolve, sep } from 'node:path'
import { deliveryTransport } from '../delivery/delivery-transport.ts'
import { ClientError } from '../errors/client-error.ts'
import type { Client } from '../run/client.ts'
import type { RemoteSettings } from '../settings/settings.ts'
import { findOrCreateRun, type FoundRun } from './find-or-create-run.ts'
import { notRead } from './follow.ts'
import { ImportedRun } from './imported-run.ts'
import { FolderSurvey } from './folder-survey.ts'
import { LogFolder, type EventChunk } from './log-folder.ts'
import { persistWith } from './persist.ts'
import { logEvents } from './point-sink.ts'

/** Options for importing a log folder. */
export interface ImportOptions {
  /** The settings' experiment by default. */
  readonly experiment?: string | undefined
  /** Added to each run. */
  readonly tags?: Readonly<Record<string, string>> | undefined
}

/** A folder of event files that became a run. */
export interface ImportedFolder extends FoundRun {
  /** Relative to the log folder; empty for the log folder itself. */
  readonly folder: string
  readonly name: string
  /** Points that were read; each is stored once, however often it is imported. */
  readonly points: number
  /** Problems with parts that could not be read. */
  readonly warnings: readonly ClientError[]
}

/**
 * Import each folder of event files below `logdir` as a run, on the server or in the local store.
 *
 * Events that a restarted writer superseded are left out, as in TensorBoard, and a folder of hyperparameters becomes
 * part of the run whose curves it was written beside. Safe to repeat: the same folder is the same run again, and the
 * same event is the same point. For a folder that has grown, only what is new is added. Does nothing when logging is
 * disabled.
 *
 * @throws ClientError when there is no event file, or the server cannot be reached or refuses
 */
export async function importTensorBoard(
  logdir: string,
  client: Pick<Client, 'settings'>,
  { experiment, tags = {} }: ImportOptions = {},
): Promise<ImportedFolder[]> {
  const { settings } = client
  if (!settings.active) return []

  const folders = new Map<string, Importing>()
  const unread: { path: string; warning: ClientError }[] = []
  const files = new LogFolder(logdir, {
    patienceMs: 0,
    onUnreadable: (file) => unread.push({ path: file.path, warning: notRead(file) }),
  })
  const start = importer(logdir, settings, experiment ?? settings.experiment, tags)
  const survey = await surveyOf(logdir)
  for await (const chunk of files.read()) {
    const folder = survey.homeOf(chunk.folder)
    const importing = folders.get(folder) ?? (await start({ ...chunk, folder }))
    folders.set(folder, importing)
    logEvents({ events: survey.leaveOutTakenBack(chunk) }, importing.run)
    await importing.run.flush()
  }
  if (folders.size === 0) throw nothingToImport(logdir, unread[0]?.warning)
  const imported: ImportedFolder[] = []
  for (const [folder, { run, name, experimentId, runId }] of folders) {
    await run.end()
    const mine = unread.filter(
      ({ path }) => survey.homeOf(relative(logdir, dirname(path)).replaceAll(sep, '/')) === folder,
    )
    const warnings = mine.map(({ warning }) => warning)
    imported.push({ folder, name, experimentId, runId, points: run.points, warnings })
  }
  return imported
}

/** Everything is read once before anything is sent, because sent events cannot be taken back. */
async function surveyOf(logdir: string): Promise<FolderSurvey> {
  const survey = new FolderSurvey()
  const files = new LogFolder(logdir, { patienceMs: 0, onUnreadable: () => {} })
  for await (const chunk of files.read()) survey.note(chunk)
  return survey
}

interface Importing extends FoundRun {
  readonly name: string
  readonly run: ImportedRun
}

/** Opens the run of a folder when its first events are read. */
function importer(
  logdir: string,
  settings: RemoteSettings,
  experiment: string,
  tags: Readonly<Record<string, string>>,
): (chunk: EventChunk) => Promise<Importing> {
  const { identity, keepSlashes } = settings
  const transport = deliveryTransport(settings)
  const persist = persistWith(settings.retry)
  return async ({ folder, path, events }) => {
    const name = folder === '' ? basename(resolve(logdir)) : folder
    const found = await findOrCreateRun(
      transport,
      {
        experiment,
        source: sourceOf(folder, path),
        name,
        startTimeMs: events[0]?.timestampMs ?? Date.now(),
        userId: identity.member,
        tags: { ...tags, ...(identity.member !== undefined && { 'mlflow.user': identity.member }) },
      },
      persist,
    )
    const run = new ImportedRun({ transport, runId: found.runId, persist, names: { keepSlashes } })
    return { ...found, name, run }
  }
}

/** Event files are named after time, host, process and number, so the first one identifies its folder. */
function sourceOf(folder: string, firstFile: string): string {
  return createHash('sha256')
    .update(`${folder}\n${basename(firstFile)}`)
    .digest('hex')
    .slice(0, 32)
}

function nothingToImport(logdir: string, cause: ClientError | undefined): ClientError {
  return new ClientError({
    code: 'SOEN_ARTIFACT_UNREADABLE',
    message: `There are no events of TensorBoard below ${resolve(logdir)}.`,
    hint: 'Name the folder that TensorBoard is started with (--logdir), or one below it.',
    cause,
  })
}
