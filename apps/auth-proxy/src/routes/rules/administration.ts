import type { RuleArea } from '../rule.ts'

const byWebhook = { webhook: ['webhook_id'] }

/** Routes that reach other systems, create tenants, or fill the server with examples. */
export const administrationRules: RuleArea = {
  'POST /ajax-api/3.0/mlflow/demo/delete': { level: 'admin', feature: 'demo' },
  'POST /ajax-api/3.0/mlflow/demo/generate': { level: 'admin', feature: 'demo' },
  'GET {api}/2.0/mlflow/webhooks': { level: 'admin' },
  'POST {api}/2.0/mlflow/webhooks': { level: 'admin' },
  'DELETE {api}/2.0/mlflow/webhooks/{webhook_id}': { level: 'admin', ids: byWebhook },
  'GET {api}/2.0/mlflow/webhooks/{webhook_id}': { level: 'admin', ids: byWebhook },
  'PATCH {api}/2.0/mlflow/webhooks/{webhook_id}': { level: 'admin', ids: byWebhook },
  'POST {api}/2.0/mlflow/webhooks/{webhook_id}/test': { level: 'admin', ids: byWebhook },
  'GET {api}/3.0/mlflow/workspaces': { level: 'auth', feature: 'workspaces' },
  'POST {api}/3.0/mlflow/workspaces': { level: 'admin', feature: 'workspaces' },
  'DELETE {api}/3.0/mlflow/workspaces/{workspace_name}': { level: 'admin', feature: 'workspaces' },
  'GET {api}/3.0/mlflow/workspaces/{workspace_name}': { level: 'auth', feature: 'workspaces' },
  'PATCH {api}/3.0/mlflow/workspaces/{workspace_name}': { level: 'admin', feature: 'workspaces' },
}
