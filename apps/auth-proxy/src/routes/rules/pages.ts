import type { RuleArea } from '../rule.ts'

/** MLflow's page, its files, and its requests about the server. */
export const pageRules: RuleArea = {
  'GET /': { level: 'auth' },
  'GET /ajax-api/3.0/mlflow/ui-telemetry': { level: 'auth' },
  'POST /ajax-api/3.0/mlflow/ui-telemetry': { level: 'auth' },
  'GET /build/{filename:path}': { level: 'deny' },
  'GET /graphql': { level: 'deny' },
  // Then decided like the REST call for the same data.
  'POST /graphql': { level: 'read', body: 'graphql' },
  'GET /health': { level: 'public' },
  'GET /static-files/{path:path}': { level: 'auth' },
  'GET /version': { level: 'auth' },
  'GET {api}/3.0/mlflow/server-info': { level: 'auth' },
}
