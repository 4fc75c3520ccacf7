/** One route as MLflow registers it, with a path such as `/api/2.0/mlflow/traces/{trace_id}`. */
interface ListedRoute {
  readonly method: string
  readonly path: string
  /** The protobuf message that its request is parsed into, if any. */
  readonly message: string | null
}

/** The output of `scripts/list-mlflow-routes.py`. */
export interface RouteListing {
  readonly routes: readonly ListedRoute[]
  readonly messages: Readonly<Record<string, readonly string[]>>
  readonly enums: Readonly<Record<string, Readonly<Record<string, number>>>>
}

/** Stands for both prefixes of MLflow's API: `/api` for programs and `/ajax-api` for its page. */
export const anyApi = '{api}'

/** A listing in the form of our table: a route below both prefixes is listed once. */
export function routeTable({ routes, messages, enums }: RouteListing): {
  readonly routes: Readonly<Record<string, string | null>>
  readonly messages: RouteListing['messages']
  readonly enums: RouteListing['enums']
} {
  const listed = new Set(routes.map(({ method, path }) => `${method} ${path}`))
  const keys = routes.map(({ method, path, message }): readonly [string, string | null] => {
    const route = /^\/(?:ajax-)?api(?<route>\/.*)$/.exec(path)?.groups?.['route']
    const isTwin =
      route !== undefined && listed.has(`${method} /api${route}`) && listed.has(`${method} /ajax-api${route}`)
    return [`${method} ${isTwin ? `${anyApi}${route}` : path}`, message]
  })
  return {
    routes: sorted(keys, byPath),
    messages: sorted(Object.entries(messages), compare),
    enums: sorted(Object.entries(enums), compare),
  }
}

function sorted<Value>(
  entries: readonly (readonly [string, Value])[],
  order: (one: string, other: string) => number,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(entries.toSorted(([one], [other]) => order(one, other)))
}

function byPath(one: string, other: string): number {
  const [oneMethod = '', onePath = ''] = one.split(' ')
  const [otherMethod = '', otherPath = ''] = other.split(' ')
  return compare(onePath, otherPath) || compare(oneMethod, otherMethod)
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other)
}
