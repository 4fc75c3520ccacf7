import { call } from './call.ts'
import type { Transport } from './transport.ts'
import type { WireDatasetInput } from './wire.ts'

/** Record which datasets and logged models a run used. Repeating it adds nothing. */
export async function logInputs(
  transport: Transport,
  {
    runId,
    datasets = [],
    modelIds = [],
  }: {
    readonly runId: string
    readonly datasets?: readonly WireDatasetInput[]
    readonly modelIds?: readonly string[]
  },
): Promise<void> {
  const models = modelIds.map((id) => ({ model_id: id }))
  await call(transport, 'POST runs/log-inputs', { run_id: runId, datasets, models })
}

/**
 * Record which logged models a run produced, and at which step. Must not be repeated: the server refuses duplicates.
 */
export async function logOutputs(
  transport: Transport,
  {
    runId,
    models,
  }: {
    readonly runId: string
    readonly models: readonly { readonly modelId: string; readonly step: number }[]
  },
): Promise<void> {
  await call(transport, 'POST runs/outputs', {
    run_id: runId,
    models: models.map(({ modelId, step }) => ({ model_id: modelId, step })),
  })
}

/** A dataset that runs of an experiment used. */
export interface WireDatasetSummary {
  readonly experiment_id: string
  readonly name: string
  readonly digest: string
  /** Its purpose. */
  readonly context?: string
}

/** The datasets that the runs of some experiments used, at most 1000. */
export async function searchDatasets(
  transport: Transport,
  experimentIds: readonly string[],
): Promise<readonly WireDatasetSummary[]> {
  const answer = await transport.json<{ dataset_summaries?: readonly WireDatasetSummary[] }>(
    'POST',
    // The route of MLflow's own page; the public one lacks a slash in MLflow itself.
    '/ajax-api/2.0/mlflow/experiments/search-datasets',
    { json: { experiment_ids: experimentIds } },
  )
  return answer.dataset_summaries ?? []
}
