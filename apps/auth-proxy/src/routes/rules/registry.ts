import type { RuleArea } from '../rule.ts'

const byRun = { run: ['run_id', 'run_uuid'] }
const byName = { 'registered-model': ['name'] }

/** Registered models, their versions, and prompts, which MLflow stores among them. */
export const registryRules: RuleArea = {
  'POST {api}/2.0/mlflow/model-versions/create': {
    level: 'edit',
    ids: { ...byRun, 'logged-model': ['model_id'], 'registered-model': ['name'] },
  },
  'DELETE {api}/2.0/mlflow/model-versions/delete': { level: 'manage', ids: byName },
  'DELETE {api}/2.0/mlflow/model-versions/delete-tag': { level: 'edit', ids: byName },
  'GET {api}/2.0/mlflow/model-versions/get': { level: 'read', ids: byName },
  'GET {api}/2.0/mlflow/model-versions/get-download-uri': { level: 'read', ids: byName },
  'GET {api}/2.0/mlflow/model-versions/search': { level: 'scope' },
  'POST {api}/2.0/mlflow/model-versions/set-tag': { level: 'edit', ids: byName },
  'POST {api}/2.0/mlflow/model-versions/transition-stage': { level: 'edit', ids: byName },
  'PATCH {api}/2.0/mlflow/model-versions/update': { level: 'edit', ids: byName },
  'DELETE {api}/2.0/mlflow/registered-models/alias': { level: 'edit', ids: byName },
  'GET {api}/2.0/mlflow/registered-models/alias': { level: 'read', ids: byName },
  'POST {api}/2.0/mlflow/registered-models/alias': { level: 'edit', ids: byName },
  'POST {api}/2.0/mlflow/registered-models/create': { level: 'create', ids: byName },
  // The registry has no trash: deletion is permanent.
  'DELETE {api}/2.0/mlflow/registered-models/delete': { level: 'manage', ids: byName },
  'DELETE {api}/2.0/mlflow/registered-models/delete-tag': { level: 'edit', ids: byName },
  'GET {api}/2.0/mlflow/registered-models/get': { level: 'read', ids: byName },
  'GET {api}/2.0/mlflow/registered-models/get-latest-versions': { level: 'read', ids: byName },
  'POST {api}/2.0/mlflow/registered-models/get-latest-versions': { level: 'read', ids: byName },
  'POST {api}/2.0/mlflow/registered-models/rename': { level: 'manage', levelForOwn: 'edit', ids: byName },
  'GET {api}/2.0/mlflow/registered-models/search': { level: 'scope' },
  'POST {api}/2.0/mlflow/registered-models/set-tag': { level: 'edit', ids: byName },
  'PATCH {api}/2.0/mlflow/registered-models/update': { level: 'edit', ids: byName },
}
