import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { fromWireDouble } from '../rest/double.ts'
import { refusal } from '../rest/refusal.ts'
import type { ArtifactHandlers, RouteHandlers } from '../rest/routes.ts'
import type { ViewType, WireKeyValue, WireMetric, WireRun } from '../rest/wire.ts'
import type { AnswerOf, RequestOf } from '../rest/wire-routes.ts'
import { listArtifacts, readArtifact, removeArtifact, writeArtifact } from './artifacts.ts'
import { createExperiment, findExperiment, listExperiments } from './experiments.ts'
import { writeInputs } from './inputs.ts'
import { findExperimentFolder, runIdFrom } from './layout.ts'
import { BatchWriter, type NamedPoint } from './log-batch.ts'
import { readRunFolder, readRunHead } from './read-run.ts'
import { runFolders } from './read-store.ts'
import { parseRunFilter } from './run-filter.ts'
import { parseRunOrder } from './run-order.ts'
import { withRunLock } from './run-lock.ts'
import { checkActive, createRun, deleteRun, findRunFolder, readRunMeta, updateRun } from './runs.ts'
import { storedMetricName } from './stored-metric-name.ts'
import { toWireExperiment, toWireInfo, toWireMetric, toWireRun } from './wire-from-store.ts'

/** MLflow's own default for the number of runs in a response. */
const DEFAULT_RESULTS = 1000

type Nothing = AnswerOf<'POST runs/log-batch'>

/** The routes that logging and reading back need, served from a folder. */
export function fileRoutes(root: string): RouteHandlers {
  const writers = new Map<string, BatchWriter>()

  async function logBatch(request: RequestOf<'POST runs/log-batch'>): Promise<Nothing> {
    const { run_id: runId, metrics = [], params = [], tags = [] } = request
    const { meta, folder } = await readRunMeta(root, runId)
    checkActive(meta)
    const writer = writers.get(folder) ?? new BatchWriter(root, folder)
    writers.set(folder, writer)
    await withRunLock(folder, () =>
      writer.write({ metrics: metrics.map(toPoint), params: params.map(toPair), tags: tags.map(toPair) }),
    )
    return {}
  }

  return {
    'GET experiments/get-by-name': ({ experiment_name: name }) => experimentNamed(root, name),
    'GET experiments/get': ({ experiment_id: id }) => experimentOf(root, id),
    'POST experiments/search': (request) => experiments(root, request),
    'POST experiments/create': async ({ name }) => ({ experiment_id: await createExperiment(root, name) }),
    'POST runs/create': (request) => create(root, request),
    'GET runs/get': ({ run_id: runId }) => get(root, runId),
    'POST runs/search': (request) => search(root, request),
    'POST runs/update': (request) => update(root, request),
    'POST runs/delete': async ({ run_id: runId }) => {
      await deleteRun(root, runId)
      return {}
    },
    'POST runs/log-batch': logBatch,
    'POST runs/set-tag': ({ run_id, ...tag }) => logBatch({ run_id, tags: [tag] }),
    'POST runs/log-parameter': ({ run_id, ...param }) => logBatch({ run_id, params: [param] }),
    'POST runs/log-inputs': (request) => logInputs(root, request),
    'GET metrics/get-history': (request) => history(root, request),
    'GET artifacts/list': async ({ run_id: runId, path = '' }) => {
      const { folder } = await readRunMeta(root, runId)
      return { files: listArtifacts(folder, path) }
    },
  }
}

/** The artifacts of the runs in a folder. */
export function fileArtifacts(root: string): ArtifactHandlers {
  function folderOf(runId: string): string {
    const folder = findRunFolder(root, runId)
    if (folder !== undefined) return folder
    throw refusal('RESOURCE_DOES_NOT_EXIST', `Run '${runId}' not found`)
  }

  return {
    read: async ({ runId, path }) => readArtifact(folderOf(runId), path),
    write: async ({ runId, path }, content) => await writeArtifact(folderOf(runId), path, content),
    remove: async ({ runId, path }) => removeArtifact(folderOf(runId), path),
  }
}

async function experimentNamed(root: string, name: string): Promise<AnswerOf<'GET experiments/get-by-name'>> {
  const found = await findExperiment(root, name)
  if (found === undefined) throw refusal('RESOURCE_DOES_NOT_EXIST', `There is no experiment named '${name}'`)
  return { experiment: toWireExperiment(found.meta) }
}

async function experimentOf(root: string, id: string): Promise<AnswerOf<'GET experiments/get'>> {
  const found = (await listExperiments(root)).find(({ meta }) => meta.experimentId === id)
  if (found === undefined) throw refusal('RESOURCE_DOES_NOT_EXIST', `There is no experiment with id ${id}`)
  return { experiment: toWireExperiment(found.meta) }
}

async function experiments(
  root: string,
  { filter = '', view_type: view }: RequestOf<'POST experiments/search'>,
): Promise<AnswerOf<'POST experiments/search'>> {
  if (filter !== '')
    throw refusal('INVALID_PARAMETER_VALUE', `A local store cannot search experiments by: ${filter}`)
  const stages = stagesOf(view)
  const found = (await listExperiments(root)).filter(({ meta }) => stages.includes(meta.lifecycle))
  return { experiments: found.map(({ meta }) => toWireExperiment(meta)) }
}

async function create(
  root: string,
  request: RequestOf<'POST runs/create'>,
): Promise<AnswerOf<'POST runs/create'>> {
  const tags = Object.fromEntries((request.tags ?? []).map(toPair))
  const meta = await createRun(root, {
    // With the client's own id, a repeated creation finds the existing run.
    runId: runIdFrom(tags['soen.client_run_id'] ?? randomUUID()),
    experimentId: request.experiment_id ?? '',
    name: request.run_name ?? tags['mlflow.runName'] ?? 'unnamed',
    userId: request.user_id ?? 'unknown',
    startTimeMs: request.start_time ?? Date.now(),
    tags,
  })
  return { run: { info: toWireInfo(meta), data: { tags: request.tags ?? [] } } }
}

async function get(root: string, runId: string): Promise<AnswerOf<'GET runs/get'>> {
  const { folder } = await readRunMeta(root, runId)
  const run = await readRunFolder(folder)
  if (run === undefined) throw refusal('RESOURCE_DOES_NOT_EXIST', `Run '${runId}' not found`)
  return { run: toWireRun(run) }
}

async function search(
  root: string,
  request: RequestOf<'POST runs/search'>,
): Promise<AnswerOf<'POST runs/search'>> {
  const { filter = '', order_by: orderBy = [], max_results: most = DEFAULT_RESULTS } = request
  const isWanted = parseRunFilter(filter)
  const compare = parseRunOrder(orderBy)
  const folders = (request.experiment_ids ?? []).flatMap((id) => {
    const experiment = findExperimentFolder(root, id)
    return experiment === undefined ? [] : runFolders(experiment)
  })
  const stages = stagesOf(request.run_view_type)
  // The longest files are read only for runs that may match.
  const isHeadEnough = !/metric|dataset/i.test(filter)
  const runs: WireRun[] = []
  for (const folder of folders) {
    const head = await readRunHead(folder)
    if (head === undefined || !stages.includes(head.meta.lifecycle)) continue
    if (isHeadEnough && !isWanted(toWireRun(head))) continue
    const run = await readRunFolder(folder)
    if (run !== undefined && isWanted(toWireRun(run))) runs.push(toWireRun(run))
  }
  const from = Number(request.page_token ?? 0)
  const page = runs.sort(compare).slice(from, from + most)
  return { runs: page, ...(from + most < runs.length && { next_page_token: String(from + most) }) }
}

async function update(
  root: string,
  request: RequestOf<'POST runs/update'>,
): Promise<AnswerOf<'POST runs/update'>> {
  const { run_id: runId, status, end_time: endTimeMs, run_name: name } = request
  const meta = await updateRun(root, runId, {
    ...(status === undefined ? {} : { status }),
    ...(endTimeMs === undefined ? {} : { endTimeMs }),
    ...(name === undefined ? {} : { name }),
  })
  return { run_info: toWireInfo(meta) }
}

async function logInputs(root: string, request: RequestOf<'POST runs/log-inputs'>): Promise<Nothing> {
  const { run_id: runId, datasets = [], models = [] } = request
  const { meta, folder } = await readRunMeta(root, runId)
  checkActive(meta)
  await withRunLock(folder, () =>
    writeInputs(root, folder, runId, {
      datasets: datasets.map(({ dataset, tags = [] }) => ({
        name: dataset.name,
        digest: dataset.digest,
        sourceType: dataset.source_type,
        source: dataset.source,
        schema: dataset.schema,
        profile: dataset.profile,
        tags: Object.fromEntries(tags.map(toPair)),
      })),
      modelIds: models.map((model) => model.model_id),
    }),
  )
  return {}
}

async function history(
  root: string,
  { run_id: runId, metric_key: key }: RequestOf<'GET metrics/get-history'>,
): Promise<AnswerOf<'GET metrics/get-history'>> {
  const { folder } = await readRunMeta(root, runId)
  const run = await readRunFolder(folder)
  const name = storedMetricName(join(folder, 'metrics'), key)
  return { metrics: (run?.metrics[name] ?? []).map((point) => toWireMetric(key, point)) }
}

function toPoint({ key, value, timestamp, step = 0 }: WireMetric): NamedPoint {
  return { key, value: fromWireDouble(value), timestampMs: Number(timestamp), step: Number(step) }
}

function toPair({ key, value }: WireKeyValue): [key: string, value: string] {
  return [key, value]
}

function stagesOf(view: ViewType | undefined): readonly string[] {
  if (view === 'ALL') return ['active', 'deleted']
  return view === 'DELETED_ONLY' ? ['deleted'] : ['active']
}
