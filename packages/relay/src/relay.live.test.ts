import { randomUUID } from 'node:crypto'
import { expect, inject, test } from 'vitest'
import { listJournals, syncJournals } from '@soen/mlflow-client/delivery'
import {
  call,
  createRun,
  createTransport,
  downloadArtifact,
  getExperimentByName,
  getMetricHistory,
  getRun,
  searchRuns,
  updateRun,
  walkArtifacts,
  type Transport,
  type WireRun,
} from '@soen/mlflow-client/rest'
import { resolveSettings, type ServerSettings } from '@soen/mlflow-client/settings'
import { temporaryFolder, type SharedMlflow } from '@soen/testbed'
import { startRelay } from './relay.ts'
import { runPython } from './testing/run-python.ts'

const { python, trackingUri }: SharedMlflow = inject('mlflow')
const transport = createTransport({ trackingUri })

/** A connection to the same server that can be cut. */
function leadThatBreaks(): { isAway: boolean; readonly fetch: typeof globalThis.fetch } {
  const lead = {
    isAway: false,
    fetch: async (...request: Parameters<typeof globalThis.fetch>): Promise<Response> => {
      if (lead.isAway) throw new TypeError('fetch failed', { cause: new Error('the server is away') })
      return await globalThis.fetch(...request)
    },
  }
  return lead
}

function settingsFor(spoolDir: string): ServerSettings {
  const settings = resolveSettings({
    call: { trackingUri, spoolDir },
    env: { SOEN_RETRY_MAX: '2', HOME: spoolDir },
    configFile: undefined,
  })
  if (!settings.active || settings.target !== 'server') throw new Error('no server')
  return settings
}

interface Content {
  readonly name: string
  readonly tags: Readonly<Record<string, string>>
  readonly [more: string]: unknown
}

/** The relay knows the user's name, which MLflow's client guesses. */
function signed(run: Content | undefined): object {
  return { ...run, tags: { ...run?.tags, 'mlflow.user': 'ann' } }
}

/** Everything that the server has of an experiment, except what differs from run to run. */
async function contentOf(experiment: string): Promise<Content[]> {
  const found = await getExperimentByName(transport, experiment)
  const experimentId = found?.experiment_id ?? ''
  const runs = await Array.fromAsync(searchRuns(transport, { experimentIds: [experimentId] }))
  const byName = runs.toSorted((a, b) => nameOf(a).localeCompare(nameOf(b)))
  const names = new Map(runs.map((run) => [run.info.run_id, nameOf(run)]))
  return await Promise.all(byName.map((run) => contentOfRun(transport, run, names)))
}

const nameOf = (run: WireRun): string => run.info.run_name ?? ''

async function contentOfRun(
  from: Transport,
  { info, data, inputs }: WireRun,
  names: ReadonlyMap<string, string>,
): Promise<Content> {
  const { run_id: runId, artifact_uri: artifactUri = '' } = info
  const histories = (data.metrics ?? []).map(async ({ key }) => {
    const points = await Array.fromAsync(getMetricHistory(from, { runId, key }))
    return [key, points.map(({ step, value }) => [step, value])] as const
  })
  const paths = await Array.fromAsync(walkArtifacts(from, { runId }))
  const files = paths.map(async ({ path }) => {
    const response = await downloadArtifact(from, { artifactUri, path })
    return [
      path,
      Buffer.from(await response.arrayBuffer())
        .toString('base64')
        .slice(0, 400),
    ] as const
  })
  const tags = (data.tags ?? []).filter(({ key }) => !key.startsWith('soen.'))
  return {
    name: info.run_name ?? '',
    status: info.status,
    params: Object.fromEntries((data.params ?? []).map(({ key, value }) => [key, value])),
    tags: Object.fromEntries(tags.map(({ key, value }) => [key, names.get(value) ?? value])),
    metrics: Object.fromEntries(await Promise.all(histories)),
    files: Object.fromEntries(await Promise.all(files)),
    inputs: inputs ?? {},
  }
}

const seen = {
  'changed param': 'INVALID_PARAMETER_VALUE',
  'bad name': 'INVALID_PARAMETER_VALUE',
  params: { lr: '0.001', 'model/depth': '4', name: 'Größe 损失' },
  loss: 0.05,
  tags: { team: 'soen', kept: '1', 'gone and back': '2' },
  history: 20,
  found: ['inner', 'outer'],
  files: ['checkpoints', 'config.json', 'notes'],
  parent: true,
  note: 'a note\n',
}

test.each([
  { when: 'is there', awayFrom: undefined, backAt: undefined },
  { when: 'is away in the middle', awayFrom: 'middle', backAt: 'end' },
  { when: 'is away until the end', awayFrom: 'begin', backAt: undefined },
])(
  'a training in Python logs the same through the relay while the server $when',
  async ({ awayFrom, backAt }) => {
    using folder = temporaryFolder('relay')
    const direct = `direct ${randomUUID()}`
    const relayed = `relayed ${randomUUID()}`
    const home = { HOME: folder.path }
    expect(
      await runPython({
        python,
        script: 'train.py',
        args: [direct],
        env: { ...home, MLFLOW_TRACKING_URI: trackingUri },
      }),
    ).toEqual(seen)

    const lead = leadThatBreaks()
    const settings = settingsFor(folder.path)
    const warnings: string[] = []
    const relay = await startRelay({
      settings,
      username: 'ann',
      fetch: lead.fetch,
      onWarn: (warning) => warnings.push(warning.message),
    })
    const read = await runPython({
      python,
      script: 'train.py',
      args: [relayed],
      env: {
        ...home,
        MLFLOW_TRACKING_URI: relay.url,
        MLFLOW_TRACKING_USERNAME: relay.username,
        MLFLOW_TRACKING_PASSWORD: relay.password,
      },
      atPause: (what) => {
        if (what === awayFrom) lead.isAway = true
        if (what === backAt) lead.isAway = false
      },
    })
    expect(read).toEqual(seen)
    await relay.flush(lead.isAway ? 100 : 30_000)
    await relay.close()
    lead.isAway = false
    const synced = await syncJournals({ settings, spoolDir: folder.path })
    expect(synced.filter(({ outcome }) => outcome !== 'delivered')).toEqual([])
    const [inner, outer, ...others] = await contentOf(relayed)
    expect(others).toEqual([])
    const [innerBefore, outerBefore] = await contentOf(direct)
    expect(inner).toEqual(signed(innerBefore))
    expect(outer).toEqual(signed(outerBefore))
    expect(warnings.length > 0).toBe(awayFrom !== undefined)
  },
)

test('a value that is logged to the ended run of another program leaves it ended', async () => {
  using folder = temporaryFolder('relay')
  const { info } = await createRun(transport, { experimentId: '0', name: 'ended', startTimeMs: 1, tags: [] })
  const runId = info.run_id
  await updateRun(transport, { runId, status: 'FINISHED', endTimeMs: 2 })

  await using relay = await startRelay({
    settings: settingsFor(folder.path),
    username: 'ann',
    onWarn: () => {},
  })
  const { url, username, password } = relay
  const throughRelay = createTransport({
    trackingUri: url,
    credentials: { kind: 'basic', username, password },
  })
  const point = { key: 'loss', value: 0.5, timestamp: 3, step: 0 }
  await call(throughRelay, 'POST runs/log-metric', { run_id: runId, ...point })
  await relay.flush(30_000)

  const run = await getRun(transport, runId)
  expect(run.data.metrics).toMatchObject([{ key: 'loss', value: 0.5 }])
  expect(run.info).toMatchObject({ status: 'FINISHED', end_time: 2 })
  // The journal is done with: no sync has to look at it.
  expect(listJournals(folder.path)).toEqual([])
})
