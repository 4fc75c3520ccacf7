import { mlflowRoutes } from './generated/mlflow-routes.ts'
import { parseField, shapeOf, shapeOfNames } from './field.ts'
import type { Field, Shape } from './field.ts'
import { anyApi } from './route-table.ts'
import type { Rule, RuleArea } from './rule.ts'

/** A route of MLflow with its rule. */
export interface Route {
  /** As in the rules, for instance `POST {api}/2.0/mlflow/runs/create`: the name of the rule in logs. */
  readonly name: string
  readonly method: string
  readonly rule: Rule
  /** The fields that its JSON may have; undefined where MLflow takes any. */
  readonly shape: Shape | undefined
  /** The fields that its query may have. */
  readonly queryFields: readonly Field[]
}

/** A route that fits a path, with the values of its parameters. */
export interface Match {
  readonly route: Route
  readonly params: Readonly<Record<string, string>>
}

/** One step of a path: `literal`, `{name}`, `{name}:suffix` or, for one or more segments, `{name:path}`. */
interface Branch {
  readonly name: string
  readonly suffix: string
  readonly isTail: boolean
  readonly node: Node
}

interface Node {
  readonly literals: Map<string, Node>
  readonly branches: Branch[]
  readonly routes: Map<string, Route>
}

const parameter = /^\{(?<name>\w+)(?<tail>:path)?\}(?<suffix>.*)$/

/** Finds routes by path and method, literal segments first, as MLflow does. */
export class Router {
  readonly #root: Node = emptyNode()

  constructor(rules: RuleArea) {
    for (const [name, rule] of Object.entries(rules)) {
      const [method = '', path = ''] = name.split(' ')
      const message = mlflowRoutes[name] ?? undefined
      const shape = message === undefined ? rule.fields && shapeOfNames(rule.fields) : shapeOf(message)
      const route = { name, method, rule, shape, queryFields: queryFields(method, message, rule) }
      const paths = path.startsWith(anyApi)
        ? ['/api', '/ajax-api'].map((prefix) => prefix + path.slice(anyApi.length))
        : [path]
      for (const twin of paths) nodeAt(this.#root, twin.slice(1).split('/')).routes.set(method, route)
    }
  }

  /** The route for a decoded path, or undefined; `hasPath` tells an unknown path from an unknown method. */
  match(method: string, segments: readonly string[]): Match | undefined {
    return walk(this.#root, segments, 0, {}, (node) => node.routes.get(method))
  }

  hasPath(segments: readonly string[]): boolean {
    return walk(this.#root, segments, 0, {}, (node) => node.routes.values().next().value) !== undefined
  }
}

/** Of a message MLflow reads the fields from the query with GET only. */
function queryFields(method: string, message: string | undefined, rule: Rule): readonly Field[] {
  const ofMessage = message === undefined || method !== 'GET' ? [] : new Set(shapeOf(message).values())
  return [...ofMessage, ...(rule.query ?? []).map(parseField)]
}

function walk(
  node: Node,
  segments: readonly string[],
  from: number,
  params: Readonly<Record<string, string>>,
  choose: (node: Node) => Route | undefined,
): Match | undefined {
  const segment = segments[from]
  if (segment === undefined) {
    const route = choose(node)
    return route && { route, params }
  }
  const literal = node.literals.get(segment)
  const found = literal && walk(literal, segments, from + 1, params, choose)
  if (found !== undefined) return found
  for (const { name, suffix, isTail, node: next } of node.branches) {
    for (let end = isTail ? segments.length : from + 1; end > from; end -= 1) {
      const value = segments.slice(from, end).join('/')
      if (!value.endsWith(suffix) || value.length === suffix.length) continue
      const withValue = { ...params, [name]: value.slice(0, value.length - suffix.length) }
      const deeper = walk(next, segments, end, withValue, choose)
      if (deeper !== undefined) return deeper
    }
  }
  return undefined
}

function nodeAt(root: Node, pattern: readonly string[]): Node {
  return pattern.reduce((node, step) => {
    const { name, tail, suffix = '' } = parameter.exec(step)?.groups ?? {}
    if (name === undefined) return literalNode(node, step)
    const isTail = tail !== undefined
    const known = node.branches.find(
      (branch) => branch.name === name && branch.suffix === suffix && branch.isTail === isTail,
    )
    if (known !== undefined) return known.node
    const branch = { name, suffix, isTail, node: emptyNode() }
    node.branches.push(branch)
    // A suffix says more than none, and one segment more than several.
    node.branches.sort(
      (one, other) => Number(one.isTail) - Number(other.isTail) || other.suffix.length - one.suffix.length,
    )
    return branch.node
  }, root)
}

function literalNode(node: Node, step: string): Node {
  const next = node.literals.get(step) ?? emptyNode()
  node.literals.set(step, next)
  return next
}

function emptyNode(): Node {
  return { literals: new Map(), branches: [], routes: new Map() }
}
