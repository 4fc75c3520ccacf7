import type { Dispatcher } from 'undici'
import { json, readOnly } from '../destination/answers.ts'
import { own } from '../destination/own-route.ts'
import type { OwnRequest, OwnRoute } from '../destination/own-route.ts'
import type { Principal } from '../identity/principal.ts'
import { Refusal } from '../errors/refusals.ts'
import type { Metrics } from './metrics.ts'
import { readinessProbe } from './readiness.ts'

/** What the operator's endpoints show. */
export interface OperationOptions {
  /** Reads something from the front door's own state; rejects when that fails. */
  readonly readState?: () => Promise<unknown>
  readonly metrics?: Metrics
  /** Whether this caller, on another machine, may see the metrics. */
  readonly maySeeMetrics?: (principal: Principal) => boolean
}

/** The seconds after which a client may try again. */
const retryAfterS = '5'

/** The operator's endpoints: `/health` and `/ready` for everybody, `/metrics` for this machine and admins. */
export function operationRoutes(
  upstream: Dispatcher,
  { readState, metrics, maySeeMetrics = () => false }: OperationOptions = {},
): readonly OwnRoute[] {
  const ready = readinessProbe({ upstream, ...(readState === undefined ? {} : { readState }) })
  const routes: readonly OwnRoute[] = [
    own({ method: 'GET', path: '/health', answer: async () => json(200, { status: 'ok' }) }),
    ...readOnly('/ready', async () => {
      const report = await ready()
      return report.status === 'ready' ? json(200, report) : json(503, report, { 'retry-after': retryAfterS })
    }),
  ]
  if (metrics === undefined) return routes
  const figures: OwnRoute['answer'] = async (request) => {
    if (!isFromThisMachine(request) && !maySeeMetrics(await request.authenticate())) {
      throw new Refusal('SOEN_ADMIN_ONLY')
    }
    return { status: 200, headers: { 'content-type': metrics.contentType }, body: await metrics.text() }
  }
  return [...routes, ...readOnly('/metrics', figures)]
}

const loopback: ReadonlySet<string | undefined> = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1', undefined])
const forwardingHeaders = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via']

/**
 * Whether the request comes from a program on this machine, rather than through a proxy here for somebody elsewhere.
 * A connection by unix socket has no address: its folder's mode decides who can connect.
 */
function isFromThisMachine({ headers, peer }: OwnRequest): boolean {
  return loopback.has(peer) && forwardingHeaders.every((name) => headers[name] === undefined)
}
