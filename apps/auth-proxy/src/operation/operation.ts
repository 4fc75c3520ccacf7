import type { Dispatcher } from 'undici'
import { json, readOnly } from '../destination/answers.ts'
import { own } from '../destination/own-route.ts'
import type { OwnRequest, OwnRoute } from '../destination/own-route.ts'
import type { Principal } from '../identity/principal.ts'
import { Refusal } from '../errors/refusals.ts'
import type { Metrics } from './metrics.ts'
import { readinessProbe } from './readiness.ts'

/** What those who run the front door look at. */
export interface OperationOptions {
  /** Reads something of the front door's own state, or fails. */
  readonly readState?: () => Promise<unknown>
  readonly metrics?: Metrics
  /** Whether somebody from elsewhere may see the figures. */
  readonly maySeeMetrics?: (principal: Principal) => boolean
}

/** After so many seconds MLflow may be there again. */
const retryAfterS = '5'

/** The paths that need no account, or look at the whole: `/health`, `/ready` and `/metrics`. */
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
 * Whether a program on this machine asks, and not a proxy here for somebody elsewhere. Who connects by the unix
 * socket has no address: its folder decides who can.
 */
function isFromThisMachine({ headers, peer }: OwnRequest): boolean {
  return loopback.has(peer) && forwardingHeaders.every((name) => headers[name] === undefined)
}
