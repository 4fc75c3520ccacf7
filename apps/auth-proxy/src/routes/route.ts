import { mlflowRoutes } from './generated/mlflow-routes.ts'
import { parseField, shapeOf, shapeOfNames } from './field.ts'
import type { Field, Shape } from './field.ts'
import type { Rule, RuleArea } from './rule.ts'

/** A route of MLflow with its rule. */
export interface Route {
  readonly kind: 'mlflow'
  /** The key of its rule, also used in logs, for instance `POST {api}/2.0/mlflow/runs/create`. */
  readonly name: string
  readonly method: string
  readonly path: string
  readonly rule: Rule
  /** The fields of its JSON; undefined where MLflow accepts any. */
  readonly shape: Shape | undefined
  /** The fields of its query. */
  readonly queryFields: readonly Field[]
}

/** Combines each rule with the route's entry in MLflow's own table. */
export function routesOf(rules: RuleArea): readonly Route[] {
  return Object.entries(rules).map(([name, rule]) => {
    const [method = '', path = ''] = name.split(' ')
    const message = mlflowRoutes[name] ?? undefined
    const shape = message === undefined ? rule.fields && shapeOfNames(rule.fields) : shapeOf(message)
    return {
      kind: 'mlflow',
      name,
      method,
      path,
      rule,
      shape,
      queryFields: queryFields(method, message, rule),
    }
  })
}

/** MLflow reads a message's fields from the query with GET only. */
function queryFields(method: string, message: string | undefined, rule: Rule): readonly Field[] {
  const ofMessage = message === undefined || method !== 'GET' ? [] : new Set(shapeOf(message).values())
  return [...ofMessage, ...(rule.query ?? []).map(parseField)]
}
