import type { RuleArea } from '../rule.ts'

const byExperiment = { experiment: ['experiment_id'] }
const byQueue = { 'review-queue': ['queue_id'] }
const bySchema = { 'label-schema': ['schema_id'] }
const byIssue = { issue: ['issue_id'] }

/** Issues, label schemas and review queues. */
export const reviewRules: RuleArea = {
  'POST {api}/3.0/mlflow/issues': {
    level: 'edit',
    ids: { experiment: ['experiment_id'], run: ['source_run_id'] },
  },
  'POST {api}/3.0/mlflow/issues/search': { level: 'read', ids: byExperiment },
  'GET {api}/3.0/mlflow/issues/{issue_id}': { level: 'read', ids: byIssue },
  'PATCH {api}/3.0/mlflow/issues/{issue_id}': { level: 'edit', ids: byIssue },
  'POST {api}/3.0/mlflow/label-schemas/create': { level: 'manage', ids: byExperiment },
  'DELETE {api}/3.0/mlflow/label-schemas/delete': { level: 'manage', ids: bySchema },
  'GET {api}/3.0/mlflow/label-schemas/get': { level: 'read', ids: bySchema },
  'GET {api}/3.0/mlflow/label-schemas/get-by-name': { level: 'read', ids: byExperiment },
  'GET {api}/3.0/mlflow/label-schemas/list': { level: 'read', ids: byExperiment },
  'PATCH {api}/3.0/mlflow/label-schemas/update': { level: 'manage', ids: bySchema },
  'POST {api}/3.0/mlflow/review-queues/create': {
    level: 'edit',
    ids: { experiment: ['experiment_id'], 'label-schema': ['schema_ids'] },
  },
  'POST {api}/3.0/mlflow/review-queues/delete': { level: 'manage', ids: byQueue },
  'GET {api}/3.0/mlflow/review-queues/get': { level: 'read', ids: byQueue },
  'GET {api}/3.0/mlflow/review-queues/get-by-name': { level: 'read', ids: byExperiment },
  'POST {api}/3.0/mlflow/review-queues/get-or-create-user': { level: 'read', ids: byExperiment },
  'POST {api}/3.0/mlflow/review-queues/items/add': { level: 'edit', ids: byQueue },
  'GET {api}/3.0/mlflow/review-queues/items/list': { level: 'read', ids: byQueue },
  'POST {api}/3.0/mlflow/review-queues/items/remove': { level: 'edit', ids: byQueue },
  'POST {api}/3.0/mlflow/review-queues/items/set-status': { level: 'edit', ids: byQueue },
  'GET {api}/3.0/mlflow/review-queues/list': { level: 'read', ids: byExperiment },
  'POST {api}/3.0/mlflow/review-queues/update': {
    level: 'manage',
    ids: { 'review-queue': ['queue_id'], 'label-schema': ['schema_ids'] },
  },
}
