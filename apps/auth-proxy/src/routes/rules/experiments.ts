import type { RuleArea } from '../rule.ts'

const byExperiment = { experiment: ['experiment_id'] }
const byExperiments = { experiment: ['experiment_ids'] }

/** Experiments. */
export const experimentRules: RuleArea = {
  'POST /ajax-api/2.0/mlflow/experiments/search-datasets': { level: 'read', ids: byExperiments },
  'POST {api}/2.0/mlflow/experiments/create': { level: 'create' },
  'POST {api}/2.0/mlflow/experiments/delete': { level: 'manage', ids: byExperiment },
  'POST {api}/2.0/mlflow/experiments/delete-experiment-tag': { level: 'edit', ids: byExperiment },
  'GET {api}/2.0/mlflow/experiments/get': { level: 'read', ids: byExperiment },
  'GET {api}/2.0/mlflow/experiments/get-by-name': { level: 'read' },
  'POST {api}/2.0/mlflow/experiments/restore': { level: 'manage', ids: byExperiment },
  'GET {api}/2.0/mlflow/experiments/search': { level: 'scope' },
  'POST {api}/2.0/mlflow/experiments/search': { level: 'scope' },
  'POST {api}/2.0/mlflow/experiments/set-experiment-tag': { level: 'edit', ids: byExperiment },
  'POST {api}/2.0/mlflow/experiments/update': { level: 'edit', ids: byExperiment },
  'POST {api}/2.0mlflow/experiments/search-datasets': { level: 'deny' },
}
