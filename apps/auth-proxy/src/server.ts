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
  /** Without it nothing is logged. */
  readonly log?: Log
  /** The longest silence of a client. Longer than MLflow's, so that the client hears who was silent. */
  readonly idleTimeoutMs?: number
  /** How long an upload is still read after it was answered early. */
  readonly lingerMs?: number
}

/** Builds the front door. `pass` is the whole way of a request, from top to bottom. */
export function buildServer(options: ServerOptions): Server {
  const { upstream, authenticator, site, operation, audit } = options
  const { isBehindTlsProxy = false, log = new Log(), idleTimeoutMs = 125_000, lingerMs = 5000 } = options
  const fixed = { allowedHosts: new Set(options.allowedHosts), features: new Set(options.features) }
  const { live = () => fixed } = options
  const witnesses = new Witnesses({ log, audit, metrics: operation?.metrics })
  const forward = openForward(upstream, { ...options.forwarding, pageHead: site?.headOfMlflow })
  const areOwn = openOwnerLookup(upstream)
  const rooms = new Rooms()
  /** Everything that a request can be for. */
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

    // Destination: what it asks for, if that can be read in one way only.
    checkLimits(request, rawTarget)
    checkHost(headers.host, allowedHosts)
    const target = canonicalTarget(rawTarget)
    witness.arrived(target.path)
    const { route, params } = destinationOf(target.path, request, client, witness)
    witness.found(route)

    // Who: our own answers ask for it themselves, as far as they need it.
    if (route.kind === 'own') {
      checkSameSite(method, headers, client)
      const authenticate = (): Promise<Principal> => identify(request, client, witness)
      const answer = await answerOwn(route, { request, response, target, params, client, authenticate })
      witness.answered(answer)
      return writeAnswer(response, answer)
    }
    // Only then is it known who asks for what is off.
    const user = await identify(request, client, witness)
    const whenOff = answerWhenOff(route, features)
    if (whenOff !== undefined) return writeAnswer(response, whenOff)
    checkOpen(route, method, features)
    checkSameSite(method, headers, client)
    if (!isSafeMethod(method)) checkCsrf(user, headers)

    // May, as far as the route says: whoever is refused has not sent the body yet.
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

  /** What is not there is looked for by nobody in particular; the record says whose name came with it. */
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
      // Who left while we read or waited hears nothing any more, and nothing is wrong.
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

/** What is written to a client that left goes nowhere, and is no error of ours. */
function ignore(): void {}
