import type { RuleArea } from '../rule.ts'

const byExperiment = { experiment: ['experiment_id'] }

/** Scorers. */
export const scorerRules: RuleArea = {
  'DELETE {api}/3.0/mlflow/scorers/delete': { level: 'manage', ids: byExperiment },
  'GET {api}/3.0/mlflow/scorers/get': { level: 'read', ids: byExperiment },
  'GET {api}/3.0/mlflow/scorers/list': {
    level: 'read',
    ids: { experiment: ['experiment_id', 'experiment_ids'] },
  },
  'PUT {api}/3.0/mlflow/scorers/online-config': {
    level: 'manage',
    ids: byExperiment,
    fields: ['experiment_id', 'name', 'sample_rate', 'filter_string'],
  },
  'GET {api}/3.0/mlflow/scorers/online-configs': { level: 'read', query: ['scorer_ids*'] },
  'POST {api}/3.0/mlflow/scorers/register': { level: 'edit', ids: byExperiment },
  'GET {api}/3.0/mlflow/scorers/versions': { level: 'read', ids: byExperiment },
}
