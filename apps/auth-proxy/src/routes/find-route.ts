import { Refusal } from '../errors/refusals.ts'
import type { Feature } from './rule.ts'
import type { Match, Router } from './router.ts'

/** Finds the route of a request, or refuses: whatever has no rule is not there. */
export function findRoute(
  router: Router,
  method: string | undefined,
  path: string,
  features: ReadonlySet<Feature>,
): Match {
  const segments = path.slice(1).split('/')
  const match = router.match(method === 'HEAD' ? 'GET' : (method ?? ''), segments)
  if (match === undefined)
    throw new Refusal(router.hasPath(segments) ? 'SOEN_METHOD_NOT_ALLOWED' : 'SOEN_NOT_FOUND')
  const { rule, shape } = match.route
  if (rule.feature !== undefined && !features.has(rule.feature)) throw new Refusal('SOEN_FEATURE_OFF')
  if (rule.level === 'deny') throw new Refusal('SOEN_NOT_FOUND')
  // MLflow reads the ids of a HEAD from its body, whatever the query says.
  if (method === 'HEAD' && shape !== undefined) throw new Refusal('SOEN_METHOD_NOT_ALLOWED')
  return match
}
