import fastify, { LogController } from 'fastify'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Dispatcher } from 'undici'
import { AccessEntry } from './witness/access-entry.ts'
import { idsOfRefused } from './audit/ids-of-refused.ts'
import { siteAction } from './audit/site-action.ts'
import { noteMalformed, Trail } from './audit/trail.ts'
import type { TrailOptions } from './audit/trail.ts'
import { Bundles } from './forward/bundles.ts'
import { readCall } from './canonical/call.ts'
import { checkHost } from './http/host.ts'
import { checkLimits, isSafeMethod, maxHeaderBytes } from './http/limits.ts'
import { canonicalTarget } from './canonical/path.ts'
import { answerMalformed } from './http/client-error.ts'
import { checkSameSite } from './http/cross-site.ts'
import type { Decision } from './decide/decide.ts'
import { permit } from './decide/permit.ts'
import { ClientLeft } from './errors/client-left.ts'
import { openForward } from './forward/forward.ts'
import type { ForwardOptions } from './forward/forward.ts'
import { lingerAfterEarlyAnswer } from './http/linger.ts'
import { clientAddress } from './http/client-address.ts'
import { checkCsrf } from './identity/csrf.ts'
import type { Authenticator, Principal } from './identity/principal.ts'
import { answerFromSite } from './pages/answer-from-site.ts'
import type { Site } from './pages/site.ts'
import type { Watched } from './operation/metrics.ts'
import { operationRoutes } from './operation/operation.ts'
import type { OperationOptions } from './operation/operation.ts'
import { Refusal } from './errors/refusals.ts'
import { answerRefusal, asRefusal } from './refuse.ts'
import { findRoute } from './routes/find-route.ts'
import { ownRoutes } from './routes/own-routes.ts'
import { Router } from './routes/router.ts'
import type { Feature } from './routes/rule.ts'
import { rules } from './routes/rules.ts'
import type { LiveSettings } from './settings/running-settings.ts'

/** What the front door is made of. */
export interface ServerOptions {
  readonly upstream: Dispatcher
  /** How many requests it gets at once, of all and of one user, and how slowly its answers may be taken. */
  readonly forwarding?: ForwardOptions
  readonly authenticator: Authenticator
  /** Our own pages and API; without it there are none, and browsers sign in by their own password box. */
  readonly site?: Site
  /** Host names besides the loopback ones, in lower case, without a port. */
  readonly allowedHosts?: readonly string[]
  /** Whether a TLS proxy stands in front, which alone can reach us and says from where a client comes. */
  readonly isBehindTlsProxy?: boolean
  /** Parts of MLflow that are off unless named here. */
  readonly features?: readonly Feature[]
  /** In place of these two: what can change while it runs, asked for at each request. */
  readonly live?: () => LiveSettings
  /** What those who run it look at. */
  readonly operation?: OperationOptions
  /** Keeps who did what; without it nothing is kept. */
  readonly audit?: TrailOptions
  /** Takes the log, one JSON line at a time; without it nothing is logged. */
  readonly log?: { write(line: string): void }
  /** The longest silence of a client. Longer than MLflow's, so that the client hears who was silent. */
  readonly idleTimeoutMs?: number
  /** How long an upload is still read after it was answered early. */
  readonly lingerMs?: number
}

/** Who is told how a request goes, and that it is over. */
interface Witnesses {
  readonly entry: AccessEntry
  readonly watched: Watched | undefined
  readonly trail: Trail | undefined
}

/** Builds the front door. `pass` is the whole way of a request, from top to bottom. */
export function buildServer(options: ServerOptions): FastifyInstance {
  const { upstream, authenticator, idleTimeoutMs = 125_000, lingerMs = 5000 } = options
  const { isBehindTlsProxy = false, site, audit } = options
  const fixed = { allowedHosts: new Set(options.allowedHosts), features: new Set(options.features) }
  const { live = () => fixed } = options
  const router = new Router(rules)
  const { operation } = options
  const operations = operationRoutes(upstream, operation)
  const bundles = new Bundles(upstream)
  const forward = openForward(upstream, options.forwarding)

  async function pass(
    request: FastifyRequest,
    reply: FastifyReply,
    { entry, watched, trail }: Witnesses,
  ): Promise<unknown> {
    const { raw } = request
    const rawTarget = request.originalUrl
    lingerAfterEarlyAnswer(raw, reply.raw, lingerMs)

    checkLimits(raw, rawTarget)
    checkHost(raw.headers.host, live().allowedHosts)
    const target = canonicalTarget(rawTarget)
    entry.path = target.path

    const client = clientAddress(raw, isBehindTlsProxy)
    trail?.from(client.address)
    const authenticate = async (): Promise<Principal> => {
      const { authorization, cookie } = raw.headers
      const attempt = { authorization, cookie, ...client }
      const principal = await authenticator.authenticate(attempt).catch((error: unknown) => {
        trail?.claimed(authenticator.claimed?.(attempt))
        throw error
      })
      entry.user = principal.name
      trail?.by(principal)
      await trail?.changesSite()
      return principal
    }
    const tell = (decision: Decision): void => {
      entry.rule = decision.rule
      trail?.decided(decision)
    }
    const operate = isSafeMethod(raw.method) ? operations.get(target.path) : undefined
    if (operate !== undefined) return await operate({ raw, reply, authenticate })
    if (site?.owns(target.path) === true) {
      trail?.forSite(siteAction(raw.method ?? '', target.path))
      checkSameSite(raw.method, raw.headers, client)
      return await answerFromSite(site, reply, { raw, target, client, authenticate, trail })
    }
    const ownRoute = isSafeMethod(raw.method) ? ownRoutes.get(target.path) : undefined
    const destination = ownRoute ?? findRoute(router, raw.method, target.path, live().features)
    if (typeof destination === 'object') {
      trail?.forRoute(destination)
      if (watched !== undefined) watched.route = destination.route.name
    }
    const user = await authenticate()
    checkSameSite(raw.method, raw.headers, client)
    if (!isSafeMethod(raw.method)) checkCsrf(user, raw.headers)

    if (typeof destination === 'function') {
      return reply.header('cache-control', 'no-store').send(destination(user))
    }
    try {
      permit(user, destination, tell)
    } catch (error) {
      trail?.touches(await idsOfRefused(raw, target, destination))
      throw error
    }
    // Only now: whoever is refused has not sent the body yet.
    if (raw.headers.expect !== undefined) reply.raw.writeContinue()
    const call = await readCall(raw, target, destination)
    trail?.touches(call.ids)
    permit(user, call, tell)
    await trail?.sendsOn()
    if (!(await bundles.answer(raw, reply.raw, call))) {
      await forward({ request: raw, response: reply.raw, call, user, reader: trail?.reader })
    }
    return reply.hijack()
  }

  async function passAndNote(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const { id, raw } = request
    const trail = audit && new Trail(audit, { id, method: raw.method ?? '' })
    const entry = new AccessEntry(request)
    const watched = operation?.metrics?.watch()
    reply.raw.once('close', () => {
      for (const witness of [trail, entry, watched]) witness?.over(reply.raw)
    })
    try {
      return await pass(request, reply, { entry, watched, trail })
    } catch (error) {
      if (error instanceof ClientLeft) return reply.hijack()
      const refusal = asRefusal(error)
      trail?.refused(refusal)
      operation?.metrics?.refused(refusal.code)
      throw error
    }
  }

  const app = fastify({
    logger: options.log === undefined ? false : { stream: options.log },
    // One route for everything, and no second reading of the path: `canonicalTarget` reads the original.
    rewriteUrl: () => '/',
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => crypto.randomUUID(),
    // A logger for each request costs more than writing its number into our few lines.
    childLoggerFactory: (logger) => logger,
    connectionTimeout: idleTimeoutMs,
    // Without a Host it is our check that answers, in MLflow's shape.
    http: { maxHeaderSize: maxHeaderBytes, headersTimeout: 15_000, requireHostHeader: false },
    clientErrorHandler(error, socket) {
      const refusal = answerMalformed(error, socket)
      if (audit && refusal) noteMalformed(audit, refusal, socket.remoteAddress)
    },
    return503OnClosing: false,
    forceCloseConnections: 'idle',
  })
  // Bodies stay unread until `forward` knows whether they are to be held or handed through.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _body, done) => done(null))
  // Node would drop the ones behind the 1000th, for instance what a TLS proxy added; `checkLimits` refuses them all.
  app.server.maxHeadersCount = 0
  // Node would say "100 Continue" before we know who asks; `forward` says it.
  app.server.on('checkContinue', (request, response) => app.routing(request, response))
  app.setErrorHandler((error, request, reply) => answerRefusal(asRefusal(error), request, reply, site))
  app.setNotFoundHandler((request, reply) => {
    const refusal = new Refusal('SOEN_METHOD_NOT_ALLOWED')
    if (audit) noteMalformed(audit, refusal, request.raw.socket.remoteAddress)
    return answerRefusal(refusal, request, reply)
  })
  // oxlint-disable-next-line oxc/no-async-endpoint-handlers -- Fastify, unlike Express, awaits its handlers
  app.all('/', passAndNote)
  return app
}
