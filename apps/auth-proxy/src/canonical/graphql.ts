import { Kind, OperationTypeNode, parse, print } from 'graphql'
import type { FieldNode, OperationDefinitionNode, SelectionSetNode, VariableDefinitionNode } from 'graphql'
import { Refusal } from '../errors/refusals.ts'
import { camelCase } from '../routes/field.ts'
import { mlflowRoutes } from '../routes/generated/mlflow-routes.ts'
import { canonicalMessage } from './message.ts'
import { isJsonObject } from './strict-json.ts'
import type { JsonObject } from './strict-json.ts'

/** A GraphQL request as the equivalent REST call. */
export interface GraphqlCall {
  /** Name of the equivalent route, whose rule applies. */
  readonly twin: string
  /** The input, as that route's message. */
  readonly input: JsonObject
  /** The body to forward. */
  readonly body: JsonObject
}

/** The GraphQL fields that MLflow's page queries, each with the equivalent route. */
export const graphqlTwins: Readonly<Record<string, string>> = {
  mlflowGetExperiment: 'GET {api}/2.0/mlflow/experiments/get',
  mlflowGetMetricHistoryBulkInterval: 'GET {api}/2.0/mlflow/metrics/get-history-bulk-interval',
  mlflowGetRun: 'GET {api}/2.0/mlflow/runs/get',
  mlflowSearchRuns: 'POST {api}/2.0/mlflow/runs/search',
}

/** MLflow's own limit. */
const maxDepth = 10
const maxTokens = 2000

/**
 * Parses a query of the one form that MLflow's page sends: one operation with one field, whose whole input is one
 * variable. So an id can only be in that variable: not in a literal, a default, an alias, a fragment or the argument
 * of a nested field.
 */
export function readGraphql({ query, variables, operationName }: JsonObject): GraphqlCall {
  const operation = onlyOperation(query)
  const { name, variableDefinitions = [], selectionSet } = operation
  if (operationName !== undefined && operationName !== null && operationName !== name?.value) throw refused()
  const variable = onlyVariable(variableDefinitions)
  const field = onlyField(selectionSet, variable)
  const twin = graphqlTwins[field.name.value]
  const message = twin === undefined ? undefined : mlflowRoutes[twin]
  if (twin === undefined || typeof message !== 'string') throw refused()

  const sent = isJsonObject(variables) ? variables[variable] : undefined
  if (!isJsonObject(variables) || !isJsonObject(sent) || Object.keys(variables).length > 1) throw refused()
  const input = canonicalMessage(sent, message)
  // GraphQL only knows the camel-case names of the fields.
  const spelled = Object.fromEntries(Object.entries(input).map(([key, value]) => [camelCase(key), value]))
  // Directives are meant for other servers; without them the query holds nothing but names.
  const body = { query: print({ ...operation, directives: [] }), variables: { [variable]: spelled } }
  return { twin, input, body }
}

function onlyOperation(query: JsonObject[string] | undefined): OperationDefinitionNode {
  const [operation, ...others] = definitionsOf(query)
  if (operation?.kind !== Kind.OPERATION_DEFINITION || others.length > 0) throw refused()
  if (operation.operation !== OperationTypeNode.QUERY) throw refused()
  return operation
}

function definitionsOf(query: JsonObject[string] | undefined): ReturnType<typeof parse>['definitions'] {
  if (typeof query !== 'string') throw refused()
  try {
    return parse(query, { maxTokens, noLocation: true }).definitions
  } catch (error) {
    throw refused(error)
  }
}

function onlyVariable(definitions: readonly VariableDefinitionNode[]): string {
  const [definition, ...others] = definitions
  if (definition === undefined || others.length > 0) throw refused()
  if (definition.defaultValue !== undefined || (definition.directives ?? []).length > 0) throw refused()
  return definition.variable.name.value
}

/** The single field of the operation, with the variable as its `input` and nothing but names below. */
function onlyField({ selections }: SelectionSetNode, variable: string): FieldNode {
  const [field, ...others] = selections.filter(
    (it) => it.kind !== Kind.FIELD || it.name.value !== '__typename',
  )
  if (field?.kind !== Kind.FIELD || others.length > 0 || field.alias !== undefined) throw refused()
  const [argument, ...more] = field.arguments ?? []
  if (argument?.name.value !== 'input' || more.length > 0) throw refused()
  if (argument.value.kind !== Kind.VARIABLE || argument.value.name.value !== variable) throw refused()
  if ((field.directives ?? []).length > 0) throw refused()
  checkNames(field.selectionSet, 2)
  return field
}

function checkNames(set: SelectionSetNode | undefined, depth: number): void {
  if (depth > maxDepth) throw refused()
  for (const selection of set?.selections ?? []) {
    const isName =
      selection.kind === Kind.FIELD &&
      selection.alias === undefined &&
      (selection.arguments ?? []).length === 0 &&
      (selection.directives ?? []).length === 0
    if (!isName) throw refused()
    checkNames(selection.selectionSet, depth + 1)
  }
}

function refused(cause?: unknown): Refusal {
  return new Refusal('SOEN_GRAPHQL_REFUSED', cause)
}
