import type { RuleArea } from '../rule.ts'

/** The registry of MCP servers. */
export const mcpServerRules: RuleArea = {
  'GET {api}/3.0/mlflow/mcp-servers': { level: 'auth', feature: 'mcp-servers' },
  'POST {api}/3.0/mlflow/mcp-servers': { level: 'edit', feature: 'mcp-servers' },
  'GET {api}/3.0/mlflow/mcp-servers/endpoints': { level: 'auth', feature: 'mcp-servers' },
  'DELETE {api}/3.0/mlflow/mcp-servers/{name:path}': { level: 'admin', feature: 'mcp-servers' },
  'GET {api}/3.0/mlflow/mcp-servers/{name:path}': { level: 'auth', feature: 'mcp-servers' },
  'PATCH {api}/3.0/mlflow/mcp-servers/{name:path}': { level: 'edit', feature: 'mcp-servers' },
  'POST {api}/3.0/mlflow/mcp-servers/{name:path}/aliases': { level: 'edit', feature: 'mcp-servers' },
  'DELETE {api}/3.0/mlflow/mcp-servers/{name:path}/aliases/{alias:path}': {
    level: 'admin',
    feature: 'mcp-servers',
  },
  'GET {api}/3.0/mlflow/mcp-servers/{name:path}/aliases/{alias:path}': {
    level: 'auth',
    feature: 'mcp-servers',
  },
  'GET {api}/3.0/mlflow/mcp-servers/{name:path}/endpoints': { level: 'auth', feature: 'mcp-servers' },
  'POST {api}/3.0/mlflow/mcp-servers/{name:path}/endpoints': { level: 'edit', feature: 'mcp-servers' },
  'DELETE {api}/3.0/mlflow/mcp-servers/{name:path}/endpoints/{endpoint_id}': {
    level: 'admin',
    feature: 'mcp-servers',
  },
  'GET {api}/3.0/mlflow/mcp-servers/{name:path}/endpoints/{endpoint_id}': {
    level: 'auth',
    feature: 'mcp-servers',
  },
  'PATCH {api}/3.0/mlflow/mcp-servers/{name:path}/endpoints/{endpoint_id}': {
    level: 'edit',
    feature: 'mcp-servers',
  },
  'POST {api}/3.0/mlflow/mcp-servers/{name:path}/tags': { level: 'edit', feature: 'mcp-servers' },
  'DELETE {api}/3.0/mlflow/mcp-servers/{name:path}/tags/{key:path}': {
    level: 'admin',
    feature: 'mcp-servers',
  },
  'GET {api}/3.0/mlflow/mcp-servers/{name:path}/versions': { level: 'auth', feature: 'mcp-servers' },
  'POST {api}/3.0/mlflow/mcp-servers/{name:path}/versions': { level: 'edit', feature: 'mcp-servers' },
  'DELETE {api}/3.0/mlflow/mcp-servers/{name:path}/versions/{version:path}': {
    level: 'admin',
    feature: 'mcp-servers',
  },
  'GET {api}/3.0/mlflow/mcp-servers/{name:path}/versions/{version:path}': {
    level: 'auth',
    feature: 'mcp-servers',
  },
  'PATCH {api}/3.0/mlflow/mcp-servers/{name:path}/versions/{version:path}': {
    level: 'edit',
    feature: 'mcp-servers',
  },
  'POST {api}/3.0/mlflow/mcp-servers/{name:path}/versions/{version:path}/tags': {
    level: 'edit',
    feature: 'mcp-servers',
  },
  'DELETE {api}/3.0/mlflow/mcp-servers/{name:path}/versions/{version:path}/tags/{key:path}': {
    level: 'admin',
    feature: 'mcp-servers',
  },
}
