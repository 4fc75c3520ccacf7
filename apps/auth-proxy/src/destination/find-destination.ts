import { Refusal } from '../errors/refusals.ts'
import type { Route } from '../routes/route.ts'
import type { Match, Router } from '../routes/router.ts'
import type { Feature } from '../routes/rule.ts'
import { json } from './answers.ts'
import type { OwnAnswer, OwnRoute } from './own-route.ts'

/** Where a request can go: to MLflow, or to an answer of ours. One table holds them all. */
export type Destination = Route | OwnRoute

/** Finds where a request goes; refuses whatever is not in the table. */
export function findDestination<Known extends Destination>(
  router: Router<Known>,
  method: string | undefined,
  path: string,
): Match<Known> {
  const segments = path.slice(1).split('/')
  const match = router.match(method === 'HEAD' ? 'GET' : (method ?? ''), segments)
  if (match !== undefined) return match
  throw new Refusal(router.hasPath(segments) ? 'SOEN_METHOD_NOT_ALLOWED' : 'SOEN_NOT_FOUND')
}

/** The answer in place of a disabled part of MLflow, where MLflow's own page calls it unasked. */
export function answerWhenOff({ rule }: Route, features: ReadonlySet<Feature>): OwnAnswer | undefined {
  const isOff = rule.feature !== undefined && !features.has(rule.feature)
  return isOff && rule.whenOff !== undefined ? json(200, rule.whenOff) : undefined
}

/** Refuses routes of MLflow that are disabled, whoever the caller is. */
export function checkOpen({ rule, shape }: Route, method: string, features: ReadonlySet<Feature>): void {
  if (rule.feature !== undefined && !features.has(rule.feature)) throw new Refusal('SOEN_FEATURE_OFF')
  if (rule.level === 'deny') throw new Refusal('SOEN_NOT_FOUND')
  // MLflow reads the ids of a HEAD from its body, whatever the query says.
  if (method === 'HEAD' && shape !== undefined) throw new Refusal('SOEN_METHOD_NOT_ALLOWED')
}
