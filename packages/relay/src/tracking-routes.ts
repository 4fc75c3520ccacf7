import {
  refusal,
  type AnswerOf,
  type RequestOf,
  type RouteHandlers,
  type WireRun,
} from '@soen/mlflow-client/rest'
import { parseRunFilter } from '@soen/mlflow-client/local-store'
import { listArtifacts } from './list-artifacts.ts'
import type { OfflineExperiments } from './offline-experiments.ts'
import type { RelayedRun } from './relayed-run.ts'
import type { RelayedRuns } from './relayed-runs.ts'
import { isAway, type Upstream } from './upstream.ts'

type Nothing = AnswerOf<'POST runs/log-batch'>

/** What the routes work with. */
export interface TrackingParts {
  readonly runs: RelayedRuns
  readonly upstream: Upstream
  readonly experiments: OfflineExperiments
}

/**
 * MLflow's tracking API, answered from the journal: a write is answered when it is on this machine's disk, and a
 * read includes everything written before.
 */
export function trackingRoutes({ runs, upstream, experiments }: TrackingParts): RouteHandlers {
  /** The run to log to. One of another program is looked up, so that a wrong id fails at once. */
  async function runOf(runId: string): Promise<RelayedRun> {
    const found = runs.find(runId)
    if (found !== undefined) return found
    return runs.join(runId, await known(runId))
  }

  async function known(runId: string): Promise<WireRun | undefined> {
    try {
      return (await upstream.ask('GET runs/get', { run_id: runId })).run
    } catch (error) {
      if (isAway(error)) return undefined
      throw error
    }
  }

  async function logBatch(request: RequestOf<'POST runs/log-batch'>): Promise<Nothing> {
    const { run_id: runId, metrics = [], params = [], tags = [] } = request
    const run = await runOf(runId)
    run.logBatch({ metrics, params, tags })
    return {}
  }

  return {
    'GET experiments/get-by-name': async (request) =>
      await upstream.askOr('GET experiments/get-by-name', request, () => ({
        experiment: experiments.named(request.experiment_name),
      })),
    'GET experiments/get': async (request) => {
      const own = experiments.withId(request.experiment_id)
      if (own !== undefined) return { experiment: own }
      return await upstream.ask('GET experiments/get', request)
    },
    'POST experiments/search': async (request) =>
      await upstream.askOr('POST experiments/search', request, () => ({ experiments: experiments.all })),
    'POST experiments/create': async (request) =>
      await upstream.askOr('POST experiments/create', request, () => ({
        experiment_id: experiments.named(request.name).experiment_id,
      })),
    'POST runs/create': async (request) => {
      const { experiment_id: experimentId = '0' } = request
      const own = experiments.withId(experimentId)
      if (own === undefined) await checkExperiment(upstream, experimentId)
      const run = await runs.create({ request, experimentName: own?.name, isAway: upstream.isAway })
      return { run: run.view.toWire() }
    },
    'GET runs/get': async ({ run_id: runId }) => {
      const run = runs.find(runId)
      if (run === undefined) return await upstream.ask('GET runs/get', { run_id: runId })
      const { serverId } = run
      const server = serverId === undefined ? undefined : await known(serverId)
      return { run: run.view.toWire(server) }
    },
    'POST runs/update': async ({ run_id: runId, status, end_time: endTimeMs, run_name: name }) => {
      const run = await runOf(runId)
      if (name !== undefined && name !== '') run.rename(name)
      if (status === 'RUNNING' || status === 'SCHEDULED') {
        await run.resume()
      } else if (status !== undefined) run.end(status, endTimeMs)
      return { run_info: run.view.toWire().info }
    },
    'POST runs/search': async (request) => {
      await upstream.catchUp(runs)
      return await upstream.askOr('POST runs/search', request, (away) => searchJournal(runs, request, away))
    },
    'POST runs/log-batch': logBatch,
    'POST runs/log-metric': async ({ run_id, ...metric }) => await logBatch({ run_id, metrics: [metric] }),
    'POST runs/log-parameter': async ({ run_id, ...param }) => await logBatch({ run_id, params: [param] }),
    'POST runs/set-tag': async ({ run_id, ...tag }) => await logBatch({ run_id, tags: [tag] }),
    'POST runs/delete-tag': async ({ run_id: runId, key }) => {
      const run = await runOf(runId)
      if (!run.view.toWire(await known(run.serverId ?? runId)).data.tags?.some((tag) => tag.key === key))
        throw refusal('RESOURCE_DOES_NOT_EXIST', `No tag with name: ${key} in run with id ${runId}`)
      run.removeTag(key)
      return {}
    },
    'POST runs/log-inputs': async ({ run_id: runId, ...request }) => {
      const run = await runOf(runId)
      run.note({ k: 'c', route: 'POST runs/log-inputs', request })
      return {}
    },
    'POST runs/outputs': async ({ run_id: runId, ...request }) => {
      const run = await runOf(runId)
      run.note({ k: 'c', route: 'POST runs/outputs', request })
      return {}
    },
    'GET metrics/get-history': async (request) => {
      const run = runs.find(request.run_id)
      await upstream.catchUp(run)
      const serverId = run?.serverId ?? request.run_id
      return await upstream.askOr('GET metrics/get-history', { ...request, run_id: serverId }, (away) => {
        const metrics = run?.view.history(request.metric_key)
        if (metrics === undefined || run?.header.joins !== undefined) throw away
        return { metrics }
      })
    },
    'GET artifacts/list': async (request) => {
      const run = runs.find(request.run_id)
      if (run === undefined) return await upstream.ask('GET artifacts/list', request)
      return { root_uri: run.view.artifactUri, ...(await listArtifacts(run, upstream, request)) }
    },
  }
}

/** Fails at once for an experiment that does not exist or is deleted. */
async function checkExperiment(upstream: Upstream, experimentId: string): Promise<void> {
  try {
    const { experiment } = await upstream.ask('GET experiments/get', { experiment_id: experimentId })
    if (experiment.lifecycle_stage === 'active') return
  } catch (error) {
    if (isAway(error)) return
    throw error
  }
  throw refusal(
    'INVALID_PARAMETER_VALUE',
    `The experiment ${experimentId} must be in the 'active' state. Current state is deleted.`,
  )
}

/** The runs of this relay that a search matches, the newest first: other runs are not on this machine. */
function searchJournal(
  runs: RelayedRuns,
  request: RequestOf<'POST runs/search'>,
  away: Error,
): AnswerOf<'POST runs/search'> {
  const isWanted = filterOf(request.filter ?? '', away)
  const wanted = new Set(request.experiment_ids)
  const found = runs.all
    .map((run) => run.view.toWire())
    .filter((run) => wanted.has(run.info.experiment_id) && isWanted(run))
  return { runs: found.toSorted((a, b) => Number(b.info.start_time) - Number(a.info.start_time)) }
}

function filterOf(filter: string, away: Error): (run: WireRun) => boolean {
  try {
    return parseRunFilter(filter)
  } catch {
    // The server supports more of the filter language.
    throw away
  }
}
