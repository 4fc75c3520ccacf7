import type { IncomingMessage } from 'node:http'
import type { FastifyReply } from 'fastify'
import type { Dispatcher } from 'undici'
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

/** A request for one of these paths. */
interface Asked {
  readonly raw: IncomingMessage
  readonly reply: FastifyReply
  readonly authenticate: () => Promise<Principal>
}

/** Answers one path. */
export type OperationRoute = (asked: Asked) => Promise<unknown>

/** After so many seconds MLflow may be there again. */
const retryAfterS = 5

/** The paths that need no account, or look at the whole: `/health`, `/ready` and `/metrics`. */
export function operationRoutes(
  upstream: Dispatcher,
  { readState, metrics, maySeeMetrics = () => false }: OperationOptions = {},
): ReadonlyMap<string, OperationRoute> {
  const ready = readinessProbe({ upstream, ...(readState === undefined ? {} : { readState }) })
  const routes = new Map<string, OperationRoute>([
    ['/health', async ({ reply }) => reply.header('cache-control', 'no-store').send({ status: 'ok' })],
    [
      '/ready',
      async ({ reply }) => {
        const report = await ready()
        if (report.status !== 'ready') reply.code(503).header('retry-after', retryAfterS)
        return reply.header('cache-control', 'no-store').send(report)
      },
    ],
  ])
  if (metrics === undefined) return routes
  return routes.set('/metrics', async ({ raw, reply, authenticate }) => {
    if (!isFromThisMachine(raw) && !maySeeMetrics(await authenticate())) throw new Refusal('SOEN_ADMIN_ONLY')
    const text = await metrics.text()
    return reply.header('cache-control', 'no-store').type(metrics.contentType).send(text)
  })
}

const loopback: ReadonlySet<string | undefined> = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1', undefined])
const forwardingHeaders = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via']

/**
 * Whether a program on this machine asks, and not a proxy here for somebody elsewhere. Who connects by the unix
 * socket has no address: its folder decides who can.
 */
function isFromThisMachine({ headers, socket }: IncomingMessage): boolean {
  return loopback.has(socket.remoteAddress) && forwardingHeaders.every((name) => headers[name] === undefined)
}
