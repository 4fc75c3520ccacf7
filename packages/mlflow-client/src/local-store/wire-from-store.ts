import { toWireDouble } from '../rest/double.ts'
import type { WireExperiment, WireKeyValue, WireMetric, WireRun } from '../rest/wire.ts'
import type { ExperimentMeta } from './experiment-meta.ts'
import type { StoredPoint } from './metric-line.ts'
import { latestPoint, type StoredRun } from './read-run.ts'
import type { RunMeta } from './run-meta.ts'

/** An experiment in the REST API's form. */
export function toWireExperiment(meta: ExperimentMeta): WireExperiment {
  return {
    experiment_id: meta.experimentId,
    name: meta.name,
    artifact_location: meta.artifactLocation,
    lifecycle_stage: meta.lifecycle,
  }
}

/** A run's description in the REST API's form. */
export function toWireInfo(meta: RunMeta): WireRun['info'] {
  return {
    run_id: meta.runId,
    run_name: meta.name,
    experiment_id: meta.experimentId,
    status: meta.status,
    user_id: meta.userId,
    lifecycle_stage: meta.lifecycle,
    ...(meta.startTimeMs === undefined ? {} : { start_time: meta.startTimeMs }),
    ...(meta.endTimeMs === undefined ? {} : { end_time: meta.endTimeMs }),
    // The address of the artifacts for users of this transport; on disk it is the `file:` URI.
    artifact_uri: `mlflow-artifacts:/${meta.experimentId}/${meta.runId}/artifacts`,
  }
}

/** A run in the REST API's form. */
export function toWireRun({ meta, params, tags, metrics, datasets }: StoredRun): WireRun {
  return {
    info: toWireInfo(meta),
    data: {
      params: toWireTexts(params),
      tags: toWireTexts(tags),
      metrics: Object.entries(metrics).flatMap(([key, points]) => {
        const latest = latestPoint(points)
        return latest === undefined ? [] : [toWireMetric(key, latest)]
      }),
    },
    inputs: {
      dataset_inputs: datasets.map(({ sourceType, tags: described, schema, profile, ...dataset }) => ({
        tags: toWireTexts(described),
        dataset: {
          ...dataset,
          source_type: sourceType,
          ...(schema === undefined ? {} : { schema }),
          ...(profile === undefined ? {} : { profile }),
        },
      })),
    },
  }
}

/** A point in the REST API's form. */
export function toWireMetric(key: string, { value, timestampMs, step }: StoredPoint): WireMetric {
  return { key, value: toWireDouble(value), timestamp: timestampMs, step }
}

function toWireTexts(texts: Readonly<Record<string, string>>): WireKeyValue[] {
  return Object.entries(texts).map(([key, value]) => ({ key, value }))
}
