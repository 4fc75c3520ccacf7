import type { RuleArea } from '../rule.ts'

const byExperiments = { experiment: ['experiment_ids'] }
const byModel = { 'logged-model': ['model_id'] }

/** Logged models. */
export const loggedModelRules: RuleArea = {
  'GET /ajax-api/2.0/mlflow/logged-models/{model_id}/artifacts/files': {
    level: 'read',
    ids: { ...byModel, 'artifact-path': ['artifact_file_path'] },
    query: ['artifact_file_path'],
    servesUpload: true,
  },
  'POST {api}/2.0/mlflow/logged-models': {
    level: 'edit',
    ids: { experiment: ['experiment_id'], run: ['source_run_id'] },
  },
  'POST {api}/2.0/mlflow/logged-models/search': { level: 'scope', ids: byExperiments },
  'DELETE {api}/2.0/mlflow/logged-models/{model_id}': { level: 'manage', levelForOwn: 'edit', ids: byModel },
  'GET {api}/2.0/mlflow/logged-models/{model_id}': { level: 'read', ids: byModel, query: ['allow_deleted'] },
  'PATCH {api}/2.0/mlflow/logged-models/{model_id}': { level: 'edit', ids: byModel },
  'GET {api}/2.0/mlflow/logged-models/{model_id}/artifacts/directories': {
    level: 'read',
    ids: { ...byModel, 'artifact-path': ['artifact_directory_path'] },
  },
  'POST {api}/2.0/mlflow/logged-models/{model_id}/params': { level: 'edit', ids: byModel },
  'PATCH {api}/2.0/mlflow/logged-models/{model_id}/tags': { level: 'edit', ids: byModel },
  'DELETE {api}/2.0/mlflow/logged-models/{model_id}/tags/{tag_key}': { level: 'edit', ids: byModel },
}
