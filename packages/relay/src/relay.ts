import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import {
  DEFAULT_JOURNAL_POLICY,
  deliveryTransport,
  knownServer,
  serverNote,
} from '@soen/mlflow-client/delivery'
import type { Receipt } from '@soen/mlflow-client'
import {
  answerRoute,
  errorAnswer,
  refusal,
  type RouteHandlers,
  type Transport,
} from '@soen/mlflow-client/rest'
import type { RemoteSettings } from '@soen/mlflow-client/settings'
import { answerArtifactRequest } from './artifact-requests.ts'
import { drawCredentials, isLetIn } from './credentials.ts'
import { OfflineExperiments } from './offline-experiments.ts'
import { OtherIds } from './other-ids.ts'
import { passThrough } from './pass-through.ts'
import { sendJson } from './send-json.ts'
import type { RelayedRun } from './relayed-run.ts'
import { RelayedRuns, type JobRun, type NewRelayedRun } from './relayed-runs.ts'
import { trackingRoutes } from './tracking-routes.ts'
import { Upstream } from './upstream.ts'

/** Three times the largest log-batch that MLflow accepts. */
const MAX_JSON_BYTES = 32 * 1024 * 1024

/** How long a program waits for the server's response before it gets one from the journal. */
const ASK_FOR_MS = 10_000

/** Options of a relay. */
export interface RelayOptions {
  /** Where runs go, with the credentials for it, which the program never gets. */
  readonly settings: RemoteSettings
  /** The user name that MLflow's client writes into the runs. */
  readonly username: string
  /** Never contact the server: everything waits for `soen sync`. */
  readonly isOffline?: boolean
  /** Name and tags of the job's run. */
  readonly job?: JobRun | undefined
  readonly onWarn: (warning: Error) => void
  readonly fetch?: typeof globalThis.fetch
}

/** MLflow's tracking API on a loopback port. */
export interface Relay extends AsyncDisposable {
  /** For `MLFLOW_TRACKING_URI`. */
  readonly url: string
  readonly username: string
  readonly password: string
  readonly runs: RelayedRuns
  /** The job's run: the program's first that has no parent, created here if the program creates none. */
  jobRun(): Promise<RelayedRun>
  /** Deliver what is there, for at most `timeoutMs`; resolves to what became of everything logged. */
  flush(timeoutMs: number): Promise<Receipt>
  /** Accept nothing more; what was not delivered stays in its journals. */
  close(): Promise<void>
}

/** Starts a relay. */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  const { settings, isOffline = false, onWarn, fetch } = options
  const server = knownServer(settings, serverNote(settings))
  const transport = deliveryTransport(settings, { fetch })
  const ids = new OtherIds()
  const runs = new RelayedRuns({
    settings,
    server,
    ids,
    job: options.job,
    outbox: {
      policy: DEFAULT_JOURNAL_POLICY,
      transport: isOffline ? neverReached(transport) : transport,
      fetch,
      onWarn,
      // In offline mode it is no news that the server is away.
      onState: (_state, error) => {
        if (error !== undefined && !isOffline) onWarn(error)
      },
    },
  })
  const upstream = new Upstream({
    transport: deliveryTransport(inTime(settings), { fetch }),
    server,
    isOffline,
  })
  const experiments = new OfflineExperiments()
  const routes = trackingRoutes({ runs, upstream, experiments })
  const credentials = drawCredentials(options.username)

  const http = createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => answerError(response, error))
  })
  // Files of any size are uploaded through it, and a training may be silent for long.
  http.requestTimeout = 0
  http.keepAliveTimeout = 300_000

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isLetIn(request, credentials)) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="soen run"' })
      return void response.end(
        '{"error_code":"UNAUTHENTICATED","message":"This is the relay of another program."}',
      )
    }
    const target = request.url ?? '/'
    const url = new URL(target, 'http://relay')
    if (await answerArtifactRequest({ runs, upstream, request, response, url })) return
    const isJson = /^application\/json\b/.test(request.headers['content-type'] ?? '')
    const body = isJson ? await readJson(request) : undefined
    const answered = await answerTracking(routes, request.method ?? 'GET', url, body)
    if (answered === undefined)
      return await passThrough({ upstream, ids }, { request, target, text: body }, response)
    sendJson(response, ids.toProgram(JSON.stringify(answered)))
  }

  http.listen(0, '127.0.0.1')
  await new Promise((resolve, reject) => http.once('listening', resolve).once('error', reject))
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a TCP server that listens has this kind of address
  const { port } = http.address() as AddressInfo

  async function close(): Promise<void> {
    const closed = new Promise((resolve) => http.close(resolve))
    http.closeAllConnections()
    await closed
    for (const run of runs.all) run.close()
  }

  return {
    url: `http://127.0.0.1:${port}`,
    ...credentials,
    runs,
    jobRun: async () => runs.ofJob ?? (await runs.create(ownRun(settings, experiments, upstream))),
    flush: async (timeoutMs) => {
      await runs.flush(timeoutMs)
      return runs.tally.receipt()
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Settings for requests that a program waits for: it must not wait as long as a delivery does. */
function inTime(settings: RemoteSettings): RemoteSettings {
  const { retry } = settings
  return { ...settings, retry: { ...retry, timeoutMs: Math.min(retry.timeoutMs, ASK_FOR_MS) } }
}

/** A run for a program that creates none; its experiment is created with it. */
function ownRun(
  { experiment, experimentId, identity }: RemoteSettings,
  experiments: OfflineExperiments,
  { isAway }: Upstream,
): NewRelayedRun {
  const request = { experiment_id: experimentId ?? experiments.named(experiment).experiment_id }
  const user = { user_id: identity.member }
  const experimentName = experimentId === undefined ? experiment : undefined
  return { request: { ...request, ...user }, experimentName, isAway }
}

/** A server that is never contacted, for offline mode. */
function neverReached({ trackingUri }: Transport): Transport {
  const refuse = async (): Promise<never> => {
    throw refusal('TEMPORARILY_UNAVAILABLE', `${trackingUri} is not asked: the run is offline.`)
  }
  return { trackingUri, json: refuse, raw: refuse }
}

async function answerTracking(
  routes: RouteHandlers,
  method: string,
  { pathname: path, searchParams }: URL,
  body: string | undefined,
): Promise<object | undefined> {
  const fields: unknown = body === undefined || body === '' ? fieldsOf(searchParams) : parse(body)
  return await answerRoute(routes, { method, path, fields })
}

function fieldsOf(query: URLSearchParams): Record<string, string | readonly string[]> {
  const names = [...new Set(query.keys())]
  return Object.fromEntries(
    names.map((name) => {
      const values = query.getAll(name)
      return [name, values.length === 1 ? (values[0] ?? '') : values]
    }),
  )
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    throw refusal('INVALID_PARAMETER_VALUE', 'The body is no JSON.')
  }
}

async function readJson(request: IncomingMessage): Promise<string> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_JSON_BYTES)
    throw refusal('INVALID_PARAMETER_VALUE', `A call has at most ${MAX_JSON_BYTES} bytes.`)
  return await text(request)
}

function answerError(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) return void response.destroy()
  const { status, body } = errorAnswer(error)
  sendJson(response, body, status)
}
