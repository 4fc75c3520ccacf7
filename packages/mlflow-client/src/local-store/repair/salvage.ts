import { basename, dirname } from 'node:path'
import { toFileUri } from '../../settings/file-uri.ts'
import type { ExperimentMeta } from '../experiment-meta.ts'
import { integerField, parseMetaFields, textField, type MetaFields } from '../meta-fields.ts'
import { statusFrom, type RunMeta } from '../run-meta.ts'

/** What else is known about a run whose description is torn. */
export interface RunTraces {
  readonly folder: string
  readonly tags: Readonly<Record<string, string>>
  /** When its first and last points were logged; by default, when the folder was changed. */
  readonly firstMs: number
  readonly lastMs: number
}

/** Rebuild a run's description from the whole lines of the torn one, and from its tags and metrics. */
export async function salvageRun(
  text: string,
  { folder, tags, firstMs, lastMs }: RunTraces,
): Promise<RunMeta> {
  const fields = await wholeFields(text)
  const status = statusFrom(fields)
  return {
    runId: basename(folder),
    experimentId: basename(dirname(folder)),
    name: textField(fields, 'run_name') ?? tags['mlflow.runName'] ?? 'recovered',
    userId: textField(fields, 'user_id') ?? tags['mlflow.user'] ?? 'unknown',
    // The writer that tore it wrote nothing afterwards.
    status: status ?? 'FAILED',
    lifecycle: textField(fields, 'lifecycle_stage') === 'deleted' ? 'deleted' : 'active',
    startTimeMs: integerField(fields, 'start_time') ?? firstMs,
    endTimeMs: integerField(fields, 'end_time') ?? (status === undefined ? lastMs : undefined),
    artifactUri: textField(fields, 'artifact_uri') ?? toFileUri(`${folder}/artifacts`),
  }
}

/** Rebuild an experiment's description from the whole lines of the torn one. */
export async function salvageExperiment(
  text: string,
  {
    folder,
    isDeleted,
    changedMs,
  }: { readonly folder: string; readonly isDeleted: boolean; readonly changedMs: number },
): Promise<ExperimentMeta> {
  const fields = await wholeFields(text)
  const experimentId = basename(folder)
  return {
    experimentId,
    name: textField(fields, 'name') ?? `recovered ${experimentId}`,
    artifactLocation: textField(fields, 'artifact_location') ?? toFileUri(folder),
    lifecycle: isDeleted ? 'deleted' : 'active',
    createdMs: integerField(fields, 'creation_time') ?? changedMs,
    updatedMs: integerField(fields, 'last_update_time') ?? changedMs,
  }
}

async function wholeFields(text: string): Promise<MetaFields> {
  const lines = text.split('\n')
  // The last line is empty, or torn.
  lines.pop()
  const parsed = await Promise.all(lines.map((line) => parseMetaFields(line)))
  return new Map(parsed.flatMap((fields) => Array.from(fields ?? [])))
}
