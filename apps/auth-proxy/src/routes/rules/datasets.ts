import type { RuleArea } from '../rule.ts'

const byExperiments = { experiment: ['experiment_ids'] }
const byDataset = { dataset: ['dataset_id'] }

/** Evaluation datasets, each of which may belong to several experiments. */
export const datasetRules: RuleArea = {
  'POST {api}/3.0/mlflow/datasets/create': { level: 'edit', ids: byExperiments },
  'GET {api}/3.0/mlflow/datasets/search': { level: 'scope', ids: byExperiments },
  'POST {api}/3.0/mlflow/datasets/search': { level: 'scope', ids: byExperiments },
  'DELETE {api}/3.0/mlflow/datasets/{dataset_id}': { level: 'manage', ids: byDataset },
  'GET {api}/3.0/mlflow/datasets/{dataset_id}': { level: 'read', ids: byDataset },
  'POST {api}/3.0/mlflow/datasets/{dataset_id}/add-experiments': {
    level: 'edit',
    ids: { dataset: ['dataset_id'], experiment: ['experiment_ids'] },
  },
  'GET {api}/3.0/mlflow/datasets/{dataset_id}/experiment-ids': { level: 'read', ids: byDataset },
  'DELETE {api}/3.0/mlflow/datasets/{dataset_id}/records': { level: 'edit', ids: byDataset },
  'GET {api}/3.0/mlflow/datasets/{dataset_id}/records': { level: 'read', ids: byDataset },
  'POST {api}/3.0/mlflow/datasets/{dataset_id}/records': { level: 'edit', ids: byDataset, bodyMiB: 32 },
  'POST {api}/3.0/mlflow/datasets/{dataset_id}/remove-experiments': {
    level: 'edit',
    ids: { dataset: ['dataset_id'], experiment: ['experiment_ids'] },
  },
  'PATCH {api}/3.0/mlflow/datasets/{dataset_id}/tags': { level: 'edit', ids: byDataset },
  'DELETE {api}/3.0/mlflow/datasets/{dataset_id}/tags/{key}': { level: 'edit', ids: byDataset },
}
