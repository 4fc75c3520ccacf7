import { deliveryTransport } from '../delivery/delivery-transport.ts'
import { ClientError } from '../errors/client-error.ts'
import { walkArtifacts } from '../rest/artifacts.ts'
import { getExperimentByName } from '../rest/experiments.ts'
import {
  getMetricHistory,
  getMetricHistoryBulk,
  type MetricPoint,
  type RunMetricPoint,
} from '../rest/metrics.ts'
import { getRun, searchRuns } from '../rest/runs.ts'
import type { Transport } from '../rest/transport.ts'
import type { ViewType, WireFile } from '../rest/wire.ts'
import type { Settings } from '../settings/settings.ts'
import { downloadArtifacts } from './download.ts'
import { patientTransport } from './patient-transport.ts'
import { toRunRecord, type RunRecord } from './read-run.ts'

/** The criteria for finding runs. */
export interface RunQuery {
  /** Names of experiments; by default the client's own. One that does not exist has no runs. */
  readonly experiments?: readonly string[] | undefined
  /** MLflow's filter language, for example ``metrics.`val_loss` < 0.1 and params.depth = '4'``. */
  readonly filter?: string | undefined
  /** For example `metrics.val_loss ASC`; the latest run first by default. */
  readonly orderBy?: readonly string[] | undefined
  /** Active or deleted runs, or both; active ones by default. */
  readonly view?: ViewType | undefined
}

/** Reads what clients logged, from a server or a local store. Every method throws a `ClientError` when it cannot. */
export interface Reader {
  /** All matching runs; further pages are fetched on demand. */
  search(query?: RunQuery): AsyncGenerator<RunRecord, void, undefined>
  /** One run. */
  run(runId: string): Promise<RunRecord>
  /** All values of a metric, by its name on the server (`val_loss_total`), in the server's order. */
  history(runId: string, key: string): AsyncGenerator<MetricPoint, void, undefined>
  /**
   * All values of a metric for many runs, run after run; one request covers a hundred runs if their values fit into
   * it.
   */
  histories(runIds: readonly string[], key: string): AsyncGenerator<RunMetricPoint, void, undefined>
  /** Every file among a run's artifacts, or below one of their folders. */
  files(runId: string, path?: string): AsyncGenerator<WireFile, void, undefined>
  /**
   * Download a file, or a folder recursively, to the same paths below the folder `to`; only whole files appear.
   *
   * @returns the files that were written
   */
  download(runId: string, path: string, to: string): Promise<readonly string[]>
}

/** Options of a reader. */
export interface ReaderOptions {
  readonly fetch?: typeof globalThis.fetch | undefined
}

/** MLflow's limits for a request of several histories. */
const BULK = { runs: 100, points: 25_000 } as const

/**
 * Create a reader of what a client logs to, with its credentials.
 *
 * @param client - a `Client`, or anything with parsed settings
 * @throws ClientError SOEN_TRACKING_URI_MISSING when logging is disabled
 */
export function createReader(
  { settings }: { readonly settings: Settings },
  { fetch }: ReaderOptions = {},
): Reader {
  if (!settings.active) {
    throw new ClientError({
      code: 'SOEN_TRACKING_URI_MISSING',
      message: 'There is nothing to read from: logging is disabled.',
      hint: 'Name a server or a folder in MLFLOW_TRACKING_URI or in the logging block.',
    })
  }
  const { retry, experiment } = settings
  const transport = patientTransport(deliveryTransport(settings, fetch === undefined ? {} : { fetch }), retry)
  const isServer = settings.target === 'server'
  const run = async (runId: string): Promise<RunRecord> => toRunRecord(await getRun(transport, runId))

  return {
    run,
    async *search({ experiments = [experiment], ...query } = {}) {
      const experimentIds = await idsOf(transport, experiments)
      // A server would search all experiments if none were named.
      if (experimentIds.length === 0) return
      for await (const found of searchRuns(transport, { ...given(query), experimentIds }))
        yield toRunRecord(found)
    },
    history: (runId, key) => getMetricHistory(transport, { runId, key }),
    async *histories(runIds, key) {
      for (let from = 0; from < runIds.length; from += BULK.runs)
        yield* historiesOf(transport, runIds.slice(from, from + BULK.runs), { key, isServer })
    },
    files: (runId, path = '') => walkArtifacts(transport, { runId, path }),
    async download(runId, path, to) {
      const { artifactUri } = await run(runId)
      return await downloadArtifacts(transport, { runId, artifactUri, path, to, stallMs: retry.timeoutMs })
    },
  }
}

async function idsOf(transport: Transport, names: readonly string[]): Promise<string[]> {
  const found = await Promise.all(names.map((name) => getExperimentByName(transport, name)))
  return found.flatMap((each) => (each === undefined ? [] : [each.experiment_id]))
}

/** Drops undefined options, which would override defaults. */
function given<Options extends object>(
  options: Options,
): { [Key in keyof Options]?: NonNullable<Options[Key]> } {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined)
  return Object.assign({}, ...entries.map(([key, value]) => ({ [key]: value })))
}

async function* historiesOf(
  transport: Transport,
  runIds: readonly string[],
  { key, isServer }: { readonly key: string; readonly isServer: boolean },
): AsyncGenerator<RunMetricPoint, void, undefined> {
  const points = isServer ? await getMetricHistoryBulk(transport, { runIds, key, limit: BULK.points }) : []
  // A response at the limit may be incomplete; a folder does not have this route.
  if (isServer && points.length < BULK.points) return yield* points
  for (const runId of runIds)
    for await (const point of getMetricHistory(transport, { runId, key })) yield { ...point, runId }
}
