import { routesAt } from '../api/routes.ts'
import { actions } from '../pages/actions.ts'

const otherForms: ReadonlySet<string> = new Set(['/_soen/sign-in', '/_soen/setup'])

/** The name of what is done on a page or by the API of ours: its route, without the values in its path. */
export function siteAction(method: string, path: string): string {
  const inApi = routesAt(path).find(({ route }) => route.method === method)?.route.path
  if (inApi !== undefined) return `${method} ${inApi}`
  const isForm = method === 'POST' && (actions.has(path) || otherForms.has(path))
  return isForm ? `${method} ${path}` : `${method} (page)`
}
