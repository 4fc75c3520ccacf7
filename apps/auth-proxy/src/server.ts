import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Dispatcher } from 'undici'
import { idsOfRefused } from './audit/ids-of-refused.ts'
import type { TrailOptions } from './audit/trail.ts'
import { readCall } from './canonical/call.ts'
import { canonicalTarget } from './canonical/path.ts'
import { decide, decideRoute, enforce } from './decide/decide.ts'
import { isUpToOwner } from './decide/least-role.ts'
import { answerOwn } from './destination/answer-own.ts'
import { answerRefusal } from './destination/answer-refusal.ts'
import { writeAnswer } from './destination/answers.ts'
import { answerWhenOff, checkOpen, findDestination } from './destination/find-destination.ts'
import type { Destination } from './destination/find-destination.ts'
import type { Site } from './destination/own-route.ts'
import { whoAmI } from './destination/who-am-i.ts'
import { asRefusal } from './errors/as-refusal.ts'
import { ClientLeft } from './errors/client-left.ts'
import { openForward } from './forward/forward.ts'
import type { ForwardOptions } from './forward/forward.ts'
import { openOwnerLookup } from './forward/owners.ts'
import { clientAddress } from './http/client-address.ts'
import type { ClientAddress } from './http/client-address.ts'
import { checkSameSite } from './http/cross-site.ts'
import { checkHost } from './http/host.ts'
import { httpServer } from './http/http-server.ts'
import { checkLimits, isSafeMethod } from './http/limits.ts'
import { lingerAfterEarlyAnswer } from './http/linger.ts'
import { Rooms } from './http/rooms.ts'
import { checkCsrf } from './identity/csrf.ts'
import type { Attempt, Authenticator, Principal } from './identity/principal.ts'
import { Log } from './log/log.ts'
import { operationRoutes } from './operation/operation.ts'
import type { OperationOptions } from './operation/operation.ts'
import { rewrite } from './rewrite/rewrite.ts'
import { routesOf } from './routes/route.ts'
import { Router } from './routes/router.ts'
import type { Match } from './routes/router.ts'
import type { Feature } from './routes/rule.ts'
import { rules } from './routes/rules.ts'
import type { LiveSettings } from './settings/running-settings.ts'
import type { Witness } from './witness/witness.ts'
import { Witnesses } from './witness/witnesses.ts'

/** What the front door is built from. */
export interface ServerOptions {
  readonly upstream: Dispatcher
  /** Limits on concurrent requests, in all and per user, and on how slowly a client may read a response. */
  readonly forwarding?: ForwardOptions
  readonly authenticator: Authenticator
  /** Our own pages and API; without them browsers sign in through their own password dialogue. */
  readonly site?: Site
  /** Host names besides the loopback ones, in lower case, without a port. */
  readonly allowedHosts?: readonly string[]
  /** Whether a TLS proxy is in front: then only it can reach us, and it reports the client's address. */
  readonly isBehindTlsProxy?: boolean
  /** Parts of MLflow that are disabled unless named here. */
  readonly features?: readonly Feature[]
  /** Replaces `allowedHosts` and `features` with settings that can change at run time; called for each request. */
  readonly live?: () => LiveSettings
  /** What its operators look at: health, metrics and the like. */
  readonly operation?: OperationOptions
  /** Records who did what; without it nothing is recorded. */
  readonly audit?: TrailOptions
  /** Without it nothing is logged. */
  readonly log?: Log
  /** How long a client may be silent. Longer than MLflow's timeout, so that the client learns who was silent. */
  readonly idleTimeoutMs?: number
  /** How long the rest of an upload is still read after an early response. */
  readonly lingerMs?: number
}

/** Builds the front door. `pass` takes a request through its stages, from top to bottom. */
export function buildServer(options: ServerOptions): Server {
  const { upstream, authenticator, site, operation, audit } = options
  const { isBehindTlsProxy = false, log = new Log(), idleTimeoutMs = 125_000, lingerMs = 5000 } = options
  const fixed = { allowedHosts: new Set(options.allowedHosts), features: new Set(options.features) }
  const { live = () => fixed } = options
  const witnesses = new Witnesses({ log, audit, metrics: operation?.metrics })
  const forward = openForward(upstream, { ...options.forwarding, pageHead: site?.headOfMlflow })
  const areOwn = openOwnerLookup(upstream)
  const rooms = new Rooms()
  /** Every destination of a request. */
  const router = new Router<Destination>([
    ...routesOf(rules),
    ...operationRoutes(upstream, operation),
    ...whoAmI,
    ...(site?.routes ?? []),
  ])

  async function pass(request: IncomingMessage, response: ServerResponse, witness: Witness): Promise<void> {
    const { method = '', headers, url: rawTarget = '' } = request
    const { allowedHosts, features } = live()

    const client = clientAddress(request, isBehindTlsProxy)
    witness.came(client.address)

    // Destination: what the request asks for, if it can be read in one way only.
    checkLimits(request, rawTarget)
    checkHost(headers.host, allowedHosts)
    const target = canonicalTarget(rawTarget)
    witness.arrived(target.path)
    const { route, params } = destinationOf(target.path, request, client, witness)
    witness.found(route)

    // Who: our own routes authenticate by themselves, as far as they need to.
    if (route.kind === 'own') {
      checkSameSite(method, headers, client)
      const authenticate = (): Promise<Principal> => identify(request, client, witness)
      const answer = await answerOwn(route, { request, response, target, params, client, authenticate })
      witness.answered(answer)
      return writeAnswer(response, answer)
    }
    // Only now, so that the record of a request for a disabled part has its caller.
    const user = await identify(request, client, witness)
    const whenOff = answerWhenOff(route, features)
    if (whenOff !== undefined) return writeAnswer(response, whenOff)
    checkOpen(route, method, features)
    checkSameSite(method, headers, client)
    if (!isSafeMethod(method)) checkCsrf(user, headers)

    // May, by the route alone: a refused client has not sent its body yet.
    const match = { route, params }
    const byRoute = decideRoute(user, match)
    witness.decided(byRoute)
    if (!byRoute.allowed) witness.touches(await idsOfRefused(request, target, match))
    enforce(byRoute)

    // Read, and may by what only the body says.
    if (headers.expect?.toLowerCase() === '100-continue') response.writeContinue()
    const call = await readCall(request, target, match, rooms.open(user.name, response))
    witness.touches(call.ids)
    const isOwn = isUpToOwner(user, call.route.rule) && (await areOwn(user.name, call.ids))
    const byCall = decide(user, { ...call, isOwn })
    witness.decided(byCall)
    enforce(byCall)

    // Rewrite, and send.
    const kept = witness.sendsOn()
    if (kept !== undefined) await kept
    await forward({ request, response, call: rewrite(call, user), user, features, reader: witness.reader })
  }

  /** An unknown destination is refused without authentication; the record has the name that came with the request. */
  function destinationOf(
    path: string,
    request: IncomingMessage,
    client: ClientAddress,
    witness: Witness,
  ): Match<Destination> {
    try {
      return findDestination(router, request.method, path)
    } catch (error) {
      witness.claimed(authenticator.claimed?.(attemptOf(request, client)))
      throw error
    }
  }

  async function identify(
    request: IncomingMessage,
    client: ClientAddress,
    witness: Witness,
  ): Promise<Principal> {
    const attempt = attemptOf(request, client)
    let principal: Principal
    try {
      principal = await authenticator.authenticate(attempt)
    } catch (error) {
      witness.claimed(authenticator.claimed?.(attempt))
      throw error
    }
    const kept = witness.known(principal)
    if (kept !== undefined) await kept
    return principal
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const id = crypto.randomUUID()
    const witness = witnesses.begin({ id, method: request.method ?? '' })
    response.once('close', () => witness.ended(response))
    response.on('error', ignore)
    lingerAfterEarlyAnswer(request, response, lingerMs)
    try {
      await pass(request, response, witness)
    } catch (error) {
      if (error instanceof ClientLeft) return
      const refusal = asRefusal(error)
      // A client that left while we read or waited cannot hear an answer, and nothing is wrong.
      const isHeard = !response.destroyed && !response.headersSent
      witness.refused(refusal, isHeard)
      if (isHeard) answerRefusal(refusal, { id, request, response }, site)
    }
  }

  return httpServer({
    idleTimeoutMs,
    onMalformed: (refusal, address) => witnesses.malformed(refusal, address),
    onRequest(request, response) {
      serve(request, response).catch((err: unknown) => {
        log.error('A request could not be answered.', { err })
        response.destroy()
      })
    },
  })
}

function attemptOf(
  { headers: { authorization, cookie } }: IncomingMessage,
  { address, isSecure }: ClientAddress,
): Attempt {
  return { authorization, cookie, address, isSecure }
}

/** Writing to a client that left has no effect and is not an error of ours. */
function ignore(): void {}
