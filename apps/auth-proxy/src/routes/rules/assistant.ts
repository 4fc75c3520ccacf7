import type { RuleArea } from '../rule.ts'

/** The assistant, which gives a shell to any caller that it takes for local. */
export const assistantRules: RuleArea = {
  'GET /ajax-api/3.0/mlflow/assistant/config': {
    level: 'admin',
    feature: 'assistant',
    whenOff: { providers: {}, projects: {}, remote_access_allowed: false },
  },
  'PUT /ajax-api/3.0/mlflow/assistant/config': { level: 'admin', feature: 'assistant' },
  'POST /ajax-api/3.0/mlflow/assistant/message': { level: 'admin', feature: 'assistant' },
  'GET /ajax-api/3.0/mlflow/assistant/providers': {
    level: 'admin',
    feature: 'assistant',
    whenOff: { providers: [], resolved: null, gateway_vendor_options: {} },
  },
  'GET /ajax-api/3.0/mlflow/assistant/providers/{provider}/health': { level: 'admin', feature: 'assistant' },
  'GET /ajax-api/3.0/mlflow/assistant/providers/{provider}/models': { level: 'admin', feature: 'assistant' },
  'PATCH /ajax-api/3.0/mlflow/assistant/sessions/{session_id}': { level: 'admin', feature: 'assistant' },
  'POST /ajax-api/3.0/mlflow/assistant/sessions/{session_id}/permission': {
    level: 'admin',
    feature: 'assistant',
  },
  'GET /ajax-api/3.0/mlflow/assistant/sessions/{session_id}/stream': { level: 'admin', feature: 'assistant' },
  'POST /ajax-api/3.0/mlflow/assistant/sessions/{session_id}/tool-result': {
    level: 'admin',
    feature: 'assistant',
  },
  'POST /ajax-api/3.0/mlflow/assistant/skills/install': { level: 'admin', feature: 'assistant' },
}
