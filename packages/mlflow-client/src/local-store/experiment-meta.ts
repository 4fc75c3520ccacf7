import { integerField, textField, type MetaFields } from './meta-fields.ts'
import { toMetaYaml } from './meta-yaml.ts'

/** The content of an experiment's `meta.yaml`. */
export interface ExperimentMeta {
  readonly experimentId: string
  readonly name: string
  readonly artifactLocation: string
  readonly lifecycle: 'active' | 'deleted'
  /** Milliseconds since 1970. */
  readonly createdMs: number | undefined
  readonly updatedMs: number | undefined
}

/** The text of an experiment's `meta.yaml`. */
export function toExperimentYaml(meta: ExperimentMeta): string {
  return toMetaYaml({
    artifact_location: meta.artifactLocation,
    creation_time: meta.createdMs ?? null,
    experiment_id: meta.experimentId,
    last_update_time: meta.updatedMs ?? null,
    lifecycle_stage: meta.lifecycle,
    name: meta.name,
  })
}

/** Whether a description is a run's: somebody may have moved one to the place of experiments. */
export function isRun(fields: MetaFields): boolean {
  return fields.has('run_id') || fields.has('run_uuid')
}

/** Parse an experiment's fields; undefined when one is missing without which MLflow fails. */
export function fromExperimentFields(fields: MetaFields): ExperimentMeta | undefined {
  if (isRun(fields)) return undefined
  const experimentId = textField(fields, 'experiment_id')
  const name = textField(fields, 'name')
  if (experimentId === undefined || name === undefined) return undefined
  return {
    experimentId,
    name,
    artifactLocation: textField(fields, 'artifact_location') ?? '',
    lifecycle: fields.get('lifecycle_stage') === 'deleted' ? 'deleted' : 'active',
    createdMs: integerField(fields, 'creation_time'),
    updatedMs: integerField(fields, 'last_update_time'),
  }
}
