import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'

/** A request as the fake received it. */
interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
  /** The parsed body, when it is JSON. */
  readonly json: RequestBody
}

interface KeyValue {
  readonly key: string
  readonly value: string
}

/** The fields of all request bodies that the fake supports. */
interface RequestBody {
  readonly run_id?: string
  readonly name?: string
  readonly run_name?: string
  readonly filter?: string
  readonly status?: string
  readonly start_time?: number
  readonly run_view_type?: string
  readonly key?: string
  readonly value?: string
  readonly end_time?: number
  readonly params?: readonly KeyValue[]
  readonly tags?: readonly KeyValue[]
  readonly metrics?: FakeRun['metrics']
  readonly datasets?: FakeRun['inputs']
}

/**
 * What to do with a request instead of serving it, or afterwards.
 *
 * - a status: respond with it and do nothing; an object: with a body too, as JSON or as a page
 * - `reset`: cut the connection and do nothing
 * - `lost`: serve it, and cut the connection before the response
 * - `late`: cut the connection, and serve it a little later all the same
 * - `html`: a login page with status 200
 */
type Misbehaviour = number | FakeAnswer | 'reset' | 'lost' | 'late' | 'html'

/** A response in place of the server's. */
interface FakeAnswer {
  readonly status: number
  readonly body: object | string
}

/** MLflow's own responses to an item that it refuses, and about a run that it does not have. */
export const REFUSED_ITEM: FakeAnswer = { status: 400, body: refused('on purpose')[1] }
export const UNKNOWN_RUN: FakeAnswer = { status: 404, body: noRun()[1] }

/** A loopback server that stores runs as MLflow does, and misbehaves on demand. */
export interface FakeMlflow extends AsyncDisposable {
  readonly url: string
  readonly requests: readonly SeenRequest[]
  readonly runs: ReadonlyMap<string, FakeRun>
  readonly artifacts: ReadonlyMap<string, Buffer>
  /** Called before each request; undefined means normal behaviour. */
  misbehave: (request: SeenRequest, index: number) => Misbehaviour | undefined
  /** Awaited before each request is served. */
  hold: (request: SeenRequest) => Promise<void>
}

/** A run as the fake stores it. */
export interface FakeRun {
  readonly id: string
  readonly tags: Map<string, string>
  readonly params: Map<string, string>
  readonly metrics: { key: string; value: unknown; step: number; timestamp: number }[]
  readonly inputs: object[]
  /** The metrics as JSON, to recognise duplicates. */
  readonly known: Set<string>
  status: string
  isDeleted: boolean
  readonly startTime: number
  endTime: number | undefined
}

/** Start a fake. */
export async function startFakeMlflow(): Promise<FakeMlflow> {
  const requests: SeenRequest[] = []
  const runs = new Map<string, FakeRun>()
  const artifacts = new Map<string, Buffer>()
  const experiments = new Map<string, string>()
  const server = createServer((request, response) => void handle(request, response))
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : address
  const fake: FakeMlflow = {
    url: `http://127.0.0.1:${port}`,
    requests,
    runs,
    artifacts,
    misbehave: () => undefined,
    hold: async () => {},
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
  return fake

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://fake')
    const body = await buffer(request).catch(() => undefined)
    // Cut off before its end: no server acts on it.
    if (body === undefined) return
    const isJson = request.headers['content-type'] === 'application/json'
    const seen: SeenRequest = {
      method: request.method ?? '',
      path: url.pathname.replace('/api/2.0/mlflow', ''),
      query: url.searchParams,
      headers: request.headers,
      body,
      json: isJson ? JSON.parse(body.toString()) : {},
    }
    requests.push(seen)
    await fake.hold(seen)
    const fault = fake.misbehave(seen, requests.length - 1)
    if (fault === 'reset') return void request.socket.destroy()
    if (fault === 'late') {
      request.socket.destroy()
      return void setTimeout(() => serve(seen), 100)
    }
    if (fault === 'html') return void response.end('<html>Please sign in</html>')
    if (typeof fault === 'object') return answer(response, fault.status, fault.body)
    if (typeof fault === 'number')
      return answer(response, fault, { error_code: 'TEMPORARILY', message: 'on purpose' })
    const [status, content] = serve(seen)
    if (fault === 'lost') return void request.socket.destroy()
    answer(response, status, content)
  }

  function serve({ method, path, query, json, body }: SeenRequest): [number, object] {
    if (method === 'PUT') {
      artifacts.set(decodeURIComponent(path.replace(/^-artifacts\/artifacts\//, '')), body)
      return [200, {}]
    }
    const run = runs.get(json.run_id ?? query.get('run_id') ?? '')
    switch (path) {
      case '/experiments/get-by-name': {
        const id = experiments.get(query.get('experiment_name') ?? '')
        if (id === undefined)
          return [404, { error_code: 'RESOURCE_DOES_NOT_EXIST', message: 'no experiment' }]
        return [200, { experiment: { experiment_id: id, lifecycle_stage: 'active' } }]
      }
      case '/experiments/create': {
        const name = json.name ?? ''
        if (experiments.has(name)) return [400, { error_code: 'RESOURCE_ALREADY_EXISTS', message: 'exists' }]
        experiments.set(name, String(experiments.size + 1))
        return [200, { experiment_id: experiments.get(name) }]
      }
      case '/runs/create': {
        const id = `run${runs.size}`
        const tags = new Map(pairs(json.tags))
        runs.set(id, {
          id,
          tags,
          params: new Map(),
          metrics: [],
          inputs: [],
          known: new Set(),
          status: 'RUNNING',
          isDeleted: false,
          startTime: json.start_time ?? 0,
          endTime: undefined,
        })
        return [200, { run: wireRun(id) }]
      }
      case '/runs/search': {
        const [, tag = '', wanted] = /^tags\.`(.*)` = '(.*)'$/.exec(json.filter ?? '') ?? []
        const isWanted = ({ tags, isDeleted }: FakeRun): boolean =>
          tags.get(tag) === wanted && !(isDeleted && json.run_view_type === 'ACTIVE_ONLY')
        const found = [...runs.values()].filter(isWanted)
        return [200, { runs: found.toReversed().map(({ id }) => wireRun(id)) }]
      }
      case '/runs/get':
        return run === undefined ? noRun() : [200, { run: wireRun(run.id) }]
      case '/metrics/get-history': {
        const ofKey = run?.metrics.filter(({ key }) => key === query.get('metric_key'))
        return ofKey === undefined ? noRun() : [200, { metrics: ofKey }]
      }
      case '/runs/update':
        if (run === undefined) return noRun()
        run.status = json.status ?? ''
        run.endTime = json.end_time
        return [200, { run_info: {} }]
      case '/runs/delete':
        if (run === undefined) return noRun()
        run.isDeleted = true
        return [200, {}]
      case '/runs/log-parameter': {
        const params = [{ key: json.key ?? '', value: json.value ?? '' }]
        return run === undefined ? noRun() : logBatch(run, { params })
      }
      case '/runs/set-tag':
        run?.tags.set(json.key ?? '', json.value ?? '')
        return run === undefined ? noRun() : [200, {}]
      case '/runs/log-inputs':
        run?.inputs.push(...(json.datasets ?? []))
        return run === undefined ? noRun() : [200, {}]
      case '/runs/log-batch':
        return run === undefined ? noRun() : logBatch(run, json)
      default:
        return [404, { error_code: 'ENDPOINT_NOT_FOUND', message: path }]
    }
  }

  function logBatch(run: FakeRun, json: RequestBody): [number, object] {
    for (const [key, value] of pairs(json.params)) {
      if (![undefined, value].includes(run.params.get(key)))
        return refused('Changing param values is not allowed.')
    }
    const metrics = json.metrics ?? []
    const bad = metrics.findIndex(({ key }) => key.startsWith('poison'))
    if (bad !== -1) return refused(`Invalid value "x" for parameter 'metrics[${bad}].name' supplied`)
    if (metrics.some(({ key }) => key.startsWith('vague'))) return refused('Something is wrong.')
    for (const [key, value] of pairs(json.params)) run.params.set(key, value)
    for (const [key, value] of pairs(json.tags)) run.tags.set(key, value)
    // As in the SQL stores, an exact duplicate is accepted but stored once.
    for (const metric of metrics) {
      const text = JSON.stringify(metric)
      if (!run.known.has(text)) run.metrics.push(metric)
      run.known.add(text)
    }
    return [200, {}]
  }

  function wireRun(id: string): object {
    const run = runs.get(id)
    const info = {
      run_id: id,
      experiment_id: '1',
      status: run?.status,
      artifact_uri: `mlflow-artifacts:/1/${id}/artifacts`,
      lifecycle_stage: run?.isDeleted === true ? 'deleted' : 'active',
      start_time: run?.startTime,
    }
    const latest = new Map<string, FakeRun['metrics'][number]>()
    for (const metric of run?.metrics ?? []) {
      if (metric.step >= (latest.get(metric.key)?.step ?? -Infinity)) latest.set(metric.key, metric)
    }
    const tags = [...(run?.tags ?? [])].map(([key, value]) => ({ key, value }))
    const params = [...(run?.params ?? [])].map(([key, value]) => ({ key, value }))
    return { info, data: { metrics: [...latest.values()], params, tags } }
  }
}

function pairs(list: readonly KeyValue[] = []): [string, string][] {
  return list.map(({ key, value }) => [key, value])
}

function refused(message: string): [number, object] {
  return [400, { error_code: 'INVALID_PARAMETER_VALUE', message }]
}

function noRun(): [number, object] {
  return [404, { error_code: 'RESOURCE_DOES_NOT_EXIST', message: 'no such run' }]
}

function answer(response: ServerResponse, status: number, content: object | string): void {
  const isPage = typeof content === 'string'
  const type = isPage ? 'text/html' : 'application/json'
  response.writeHead(status, { 'content-type': type, 'x-request-id': 'req-1' })
  response.end(isPage ? content : JSON.stringify(content))
}
