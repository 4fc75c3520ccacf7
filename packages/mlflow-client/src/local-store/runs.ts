import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { refusal } from '../rest/refusal.ts'
import type { RunStatus } from '../rest/wire.ts'
import { toFileUri } from '../settings/file-uri.ts'
import { experimentFolders } from './experiments.ts'
import { findExperimentFolder, META_FILE, RUN_FOLDERS, RUN_ID } from './layout.ts'
import { checkName } from './log-batch.ts'
import { readMetaFields } from './meta-fields.ts'
import { withRunLock } from './run-lock.ts'
import { fromRunFields, toRunYaml, type RunMeta } from './run-meta.ts'
import { writeWhole } from './whole-file.ts'

/** The folder of a run in any experiment; undefined when there is none. */
export function findRunFolder(root: string, runId: string): string | undefined {
  if (!RUN_ID.test(runId)) return undefined
  return experimentFolders(root)
    .map((experiment) => join(experiment, runId))
    .find((folder) => existsSync(join(folder, META_FILE)))
}

/** Read a run's description. */
export async function readRunMeta(root: string, runId: string): Promise<{ meta: RunMeta; folder: string }> {
  const folder = findRunFolder(root, runId)
  if (folder === undefined) throw refusal('RESOURCE_DOES_NOT_EXIST', `Run '${runId}' not found`)
  const fields = await readMetaFields(join(folder, META_FILE))
  const meta = fields && fromRunFields(fields)
  if (meta === undefined) {
    throw refusal(
      'INVALID_PARAMETER_VALUE',
      `The description ${join(folder, META_FILE)} is torn.`,
      'Repair the store with repairStore().',
    )
  }
  return { meta, folder }
}

/**
 * Create a run; an existing one stays unchanged. MLflow does not find a run by its id until all of `RUN_FOLDERS`
 * exist, so they are created last: it never looks for a description that is not there yet.
 */
export async function createRun(
  root: string,
  run: {
    readonly runId: string
    readonly experimentId: string
    readonly name: string
    readonly userId: string
    readonly startTimeMs: number
    readonly tags: Readonly<Record<string, string>>
  },
): Promise<RunMeta> {
  const experiment = findExperimentFolder(root, run.experimentId)
  if (experiment === undefined || experiment !== join(root, run.experimentId)) {
    throw refusal('RESOURCE_DOES_NOT_EXIST', `No active experiment with id ${run.experimentId} exists`)
  }
  for (const [index, key] of Object.keys(run.tags).entries()) checkName('tags', index, key)
  const folder = join(experiment, run.runId)
  if (existsSync(join(folder, META_FILE))) {
    // Its creator may have been killed after writing the description, before the folders existed.
    makeRunFolders(folder)
    return (await readRunMeta(root, run.runId)).meta
  }
  const { runId, experimentId, name, userId, startTimeMs } = run
  const meta: RunMeta = {
    runId,
    experimentId,
    name,
    userId,
    startTimeMs,
    status: 'RUNNING',
    lifecycle: 'active',
    endTimeMs: undefined,
    artifactUri: toFileUri(join(folder, 'artifacts')),
  }
  for (const [key, value] of Object.entries({ ...run.tags, 'mlflow.runName': name })) {
    writeWhole(root, join(folder, 'tags', key), value)
  }
  writeWhole(root, join(folder, META_FILE), toRunYaml(meta))
  makeRunFolders(folder)
  return meta
}

function makeRunFolders(folder: string): void {
  for (const part of RUN_FOLDERS) mkdirSync(join(folder, part), { recursive: true })
}

/** Set a run's status, end time or name. */
export async function updateRun(
  root: string,
  runId: string,
  change: { readonly status?: RunStatus; readonly endTimeMs?: number; readonly name?: string },
): Promise<RunMeta> {
  const { folder } = await readRunMeta(root, runId)
  return await withRunLock(folder, async () => {
    const { meta } = await readRunMeta(root, runId)
    checkActive(meta)
    const changed = { ...meta, ...change }
    if (change.name !== undefined) writeWhole(root, join(folder, 'tags', 'mlflow.runName'), change.name)
    writeWhole(root, join(folder, META_FILE), toRunYaml(changed))
    return changed
  })
}

/** Mark a run as deleted; MLflow's own page can restore it. Deleting it again changes nothing. */
export async function deleteRun(root: string, runId: string): Promise<void> {
  const { folder } = await readRunMeta(root, runId)
  await withRunLock(folder, async () => {
    const { meta } = await readRunMeta(root, runId)
    if (meta.lifecycle === 'deleted') return
    const deleted: RunMeta = { ...meta, lifecycle: 'deleted', deletedTimeMs: Date.now() }
    writeWhole(root, join(folder, META_FILE), toRunYaml(deleted))
  })
}

/** Refuse to write to a deleted run. */
export function checkActive({ runId, lifecycle }: RunMeta): void {
  if (lifecycle === 'active') return
  throw refusal(
    'INVALID_PARAMETER_VALUE',
    `The run ${runId} must be in the 'active' state. Current state is ${lifecycle}.`,
  )
}
