import { administrationRules } from './rules/administration.ts'
import { artifactRules } from './rules/artifacts.ts'
import { assistantRules } from './rules/assistant.ts'
import { datasetRules } from './rules/datasets.ts'
import { experimentRules } from './rules/experiments.ts'
import { gatewayRules } from './rules/gateway.ts'
import { jobRules } from './rules/jobs.ts'
import { loggedModelRules } from './rules/logged-models.ts'
import { mcpServerRules } from './rules/mcp-servers.ts'
import { pageRules } from './rules/pages.ts'
import { registryRules } from './rules/registry.ts'
import { reviewRules } from './rules/reviews.ts'
import { runRules } from './rules/runs.ts'
import { scorerRules } from './rules/scorers.ts'
import { traceRules } from './rules/traces.ts'
import type { RuleArea } from './rule.ts'

/** The rule of every route that MLflow has; a route without one is answered with 404. */
export const rules: RuleArea = {
  ...pageRules,
  ...experimentRules,
  ...gatewayRules,
  ...artifactRules,
  ...loggedModelRules,
  ...runRules,
  ...jobRules,
  ...assistantRules,
  ...administrationRules,
  ...traceRules,
  ...registryRules,
  ...datasetRules,
  ...reviewRules,
  ...mcpServerRules,
  ...scorerRules,
}
