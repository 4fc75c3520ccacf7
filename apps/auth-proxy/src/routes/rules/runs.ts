import type { RuleArea } from '../rule.ts'

const byRun = { run: ['run_id', 'run_uuid'] }
const byExperiment = { experiment: ['experiment_id'] }
const byExperiments = { experiment: ['experiment_ids'] }

/** Runs and their metrics. */
export const runRules: RuleArea = {
  'GET /ajax-api/2.0/mlflow/metrics/get-history-bulk': {
    level: 'read',
    ids: byRun,
    query: ['run_id*', 'metric_key', 'max_results'],
  },
  'GET {api}/2.0/mlflow/metrics/get-history': { level: 'read', ids: byRun },
  'GET {api}/2.0/mlflow/metrics/get-history-bulk-interval': { level: 'read', ids: { run: ['run_ids'] } },
  'POST {api}/2.0/mlflow/runs/create': { level: 'edit', ids: byExperiment },
  'POST {api}/2.0/mlflow/runs/delete': { level: 'manage', levelForOwn: 'edit', ids: byRun },
  'POST {api}/2.0/mlflow/runs/delete-tag': { level: 'edit', ids: byRun },
  'GET {api}/2.0/mlflow/runs/get': { level: 'read', ids: byRun },
  'POST {api}/2.0/mlflow/runs/log-batch': {
    level: 'edit',
    ids: { run: ['run_id', 'metrics.run_id'], 'logged-model': ['metrics.model_id'] },
    // 100 parameters of 6,000 characters, 100 tags of 8,000 and 800 metrics; Python writes most characters as six bytes.
    bodyMiB: 10,
  },
  'POST {api}/2.0/mlflow/runs/log-inputs': {
    level: 'edit',
    ids: { ...byRun, 'logged-model': ['models.model_id'] },
    // The profile of a dataset may have 16 MiB.
    bodyMiB: 20,
  },
  'POST {api}/2.0/mlflow/runs/log-metric': {
    level: 'edit',
    ids: { run: ['run_id', 'run_uuid'], 'logged-model': ['model_id'] },
  },
  'POST {api}/2.0/mlflow/runs/log-model': { level: 'edit', ids: byRun },
  'POST {api}/2.0/mlflow/runs/log-parameter': { level: 'edit', ids: byRun },
  'POST {api}/2.0/mlflow/runs/outputs': {
    level: 'edit',
    ids: { ...byRun, 'logged-model': ['models.model_id'] },
  },
  'POST {api}/2.0/mlflow/runs/restore': { level: 'manage', levelForOwn: 'edit', ids: byRun },
  'POST {api}/2.0/mlflow/runs/search': { level: 'scope', ids: byExperiments },
  'POST {api}/2.0/mlflow/runs/set-tag': { level: 'edit', ids: byRun },
  'POST {api}/2.0/mlflow/runs/update': { level: 'edit', ids: byRun },
}
