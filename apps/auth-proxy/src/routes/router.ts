import { anyApi } from './route-table.ts'

/** An entry of the table; the method `*` stands for every method without an entry of its own at this path. */
export interface Placed {
  readonly method: string
  /** With `{name}` for a segment, `{name:path}` for one or more, and `{api}` for both prefixes of MLflow's API. */
  readonly path: string
}

/** A route that matches a path, with the values of its parameters. */
export interface Match<Route> {
  readonly route: Route
  readonly params: Readonly<Record<string, string>>
}

/** One step of a path: `literal`, `{name}`, `{name}:suffix` or, for one or more segments, `{name:path}`. */
interface Branch<Route> {
  readonly name: string
  readonly suffix: string
  readonly isTail: boolean
  readonly node: Node<Route>
}

interface Node<Route> {
  readonly literals: Map<string, Node<Route>>
  readonly branches: Branch<Route>[]
  readonly routes: Map<string, Route>
}

const parameter = /^\{(?<name>\w+)(?<tail>:path)?\}(?<suffix>.*)$/

/**
 * Finds routes by path and method, literal segments first, as MLflow does. Of two equal entries the later one
 * counts.
 */
export class Router<Route extends Placed> {
  readonly #root: Node<Route> = emptyNode()

  constructor(routes: Iterable<Route>) {
    for (const route of routes) {
      const { method, path } = route
      const paths = path.startsWith(anyApi)
        ? ['/api', '/ajax-api'].map((prefix) => prefix + path.slice(anyApi.length))
        : [path]
      for (const twin of paths) nodeAt(this.#root, twin.slice(1).split('/')).routes.set(method, route)
    }
  }

  /** The route for a decoded path, or undefined; `hasPath` distinguishes an unknown method from an unknown path. */
  match(method: string, segments: readonly string[]): Match<Route> | undefined {
    return walk(this.#root, segments, 0, {}, ({ routes }) => routes.get(method) ?? routes.get('*'))
  }

  hasPath(segments: readonly string[]): boolean {
    return walk(this.#root, segments, 0, {}, ({ routes }) => routes.values().next().value) !== undefined
  }
}

function walk<Route>(
  node: Node<Route>,
  segments: readonly string[],
  from: number,
  params: Readonly<Record<string, string>>,
  choose: (node: Node<Route>) => Route | undefined,
): Match<Route> | undefined {
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

function nodeAt<Route>(root: Node<Route>, pattern: readonly string[]): Node<Route> {
  return pattern.reduce((node, step) => {
    const { name, tail, suffix = '' } = parameter.exec(step)?.groups ?? {}
    if (name === undefined) return literalNode(node, step)
    const isTail = tail !== undefined
    const known = node.branches.find(
      (branch) => branch.name === name && branch.suffix === suffix && branch.isTail === isTail,
    )
    if (known !== undefined) return known.node
    const branch = { name, suffix, isTail, node: emptyNode<Route>() }
    node.branches.push(branch)
    // A suffix is more specific than none, and one segment more than several.
    node.branches.sort(
      (one, other) => Number(one.isTail) - Number(other.isTail) || other.suffix.length - one.suffix.length,
    )
    return branch.node
  }, root)
}

function literalNode<Route>(node: Node<Route>, step: string): Node<Route> {
  const next = node.literals.get(step) ?? emptyNode<Route>()
  node.literals.set(step, next)
  return next
}

function emptyNode<Route>(): Node<Route> {
  return { literals: new Map(), branches: [], routes: new Map() }
}
