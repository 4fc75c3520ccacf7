import { readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bridgeToSocket, startMlflow, type LoopbackBridge, type RunningMlflow } from '@soen/testbed'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { downloadArtifact, walkArtifacts } from '../rest/artifacts.ts'
import { getExperimentByName } from '../rest/experiments.ts'
import { getMetricHistory } from '../rest/metrics.ts'
import { searchRuns } from '../rest/runs.ts'
import { createTransport, type Transport } from '../rest/transport.ts'
import type { WireRun } from '../rest/wire.ts'
import { Client } from '../run/client.ts'
import { retryPolicyFromEnv } from '../settings/retry-policy.ts'
import { PAGES, startGateway, type Gateway } from '../testing/gateway.ts'
import { KilledJob } from '../testing/killed-job.ts'
import { randomFrom } from '../testing/random.ts'
import { testSettings } from '../testing/settings.ts'
import { tagOf, RUN_TAGS } from './run-tags.ts'
import { syncJournals } from './sync-journals.ts'

// SOEN_KILLS=200 is the long form; SOEN_KILL_SEED repeats a failed seed.
const kills = Number(process.env['SOEN_KILLS'] ?? 8)
const seed = Number(process.env['SOEN_KILL_SEED'] ?? Math.floor(Math.random() * 1e9))
const JOBS_AT_ONCE = 2
const PAGE_RATE = 0.2

let mlflow: RunningMlflow
let bridge: LoopbackBridge
let gateway: Gateway
let folder: Awaited<ReturnType<typeof mkdtempDisposable>>
let spoolDir: string
let transport: Transport

beforeAll(async () => {
  mlflow = await startMlflow({ workers: 2 })
  bridge = await bridgeToSocket(mlflow.socketPath)
  gateway = await startGateway(bridge.url)
  folder = await mkdtempDisposable(join(tmpdir(), 'two-hosts-'))
  spoolDir = join(folder.path, 'spool')
  transport = createTransport({ trackingUri: bridge.url })
  writeFileSync(join(folder.path, 'boot'), 'ffffffff-0000-4000-8000-000000000000\n')
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
  await bridge[Symbol.asyncDispose]()
  await mlflow[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

test(
  `jobs of two hosts that share a spool, killed ${kills} times behind a gateway with pages of its own, lose and double nothing (seed ${seed})`,
  { timeout: kills * 60_000 + 240_000 },
  async () => {
    const random = randomFrom(seed)
    for (let killed = 0, round = 0; killed < kills; round += 1) {
      gateway.answer = () => (random() < PAGE_RATE ? PAGES[Math.floor(random() * PAGES.length)] : undefined)
      const jobs = Array.from({ length: JOBS_AT_ONCE }, (_, number) => {
        const resumeKey = `round-${round}-job-${number}`
        const job = new KilledJob(
          { trackingUri: gateway.url, spoolDir, resumeKey, bootFile: join(folder.path, 'boot') },
          randomFrom(Math.floor(random() * 1e9)),
        )
        return { job, resumeKey, isEnded: random() < 0.7 }
      })
      await Promise.all(
        jobs.map(async ({ job, isEnded }) => {
          await job.trainAndKill()
          await job.trainAndKill()
          if (isEnded) await job.finish()
        }),
      )
      gateway.answer = () => undefined
      await deliverWhatIsLeft()
      for (const { job, resumeKey, isEnded } of jobs) {
        const status = isEnded ? 'FINISHED' : 'KILLED'
        expect(await foundOf(job, resumeKey)).toEqual(wantedOf(job, resumeKey, status))
        killed += job.kills
      }
    }
  },
)

test('a run whose every request is refused by the gateway holds up no other run of its program', async () => {
  const client = new Client(
    testSettings(gateway.url, join(folder.path, 'neighbours'), { experiment: 'neighbours' }),
  ).on('warn', () => {})
  const [troubled, other] = [client.startRun({ name: 'troubled' }), client.startRun({ name: 'other' })]
  await Promise.all([troubled.flush(), other.flush()])
  const { runId = '' } = troubled.remote ?? {}
  for (const status of PAGES) {
    gateway.answer = ({ path, body }) => (path.includes(runId) || body.includes(runId) ? status : undefined)
    troubled.log({ loss: status }, { step: status })
    troubled.text('waits', `texts/${status}.txt`)
    const begunMs = performance.now()
    other.log({ loss: status }, { step: status })
    other.text('goes on', `texts/${status}.txt`)
    const receipt = await other.flush({ timeoutMs: 60_000 })
    process.stderr.write(
      `page ${status} for one run: the other one's delivery took ${Math.round(performance.now() - begunMs)} ms\n`,
    )
    expect(receipt).toMatchObject({ spooled: 0, dropped: 0 })
  }
  gateway.answer = () => undefined
  expect(await other.end()).toMatchObject({ spooled: 0, dropped: 0 })
  expect(await troubled.end({ timeoutMs: 60_000 })).toMatchObject({ dropped: 0 })
  await client.close()
  await syncJournals({
    settings: testSettings(bridge.url, join(folder.path, 'neighbours')),
    hasMovedFrom: () => true,
  })
  for (const run of [troubled, other]) {
    const points = getMetricHistory(transport, { runId: run.remote?.runId ?? '', key: 'loss' })
    expect((await Array.fromAsync(points)).map(({ step }) => step)).toEqual(PAGES)
  }
})

/** Delivers what the killed processes left: the lease of those on the other host seems an hour old. */
async function deliverWhatIsLeft(): Promise<void> {
  const at = new Date(Date.now() - 3_600_000)
  for (const entry of readdirSync(spoolDir, { withFileTypes: true }))
    if (entry.isDirectory()) ageLock(join(spoolDir, entry.name, 'lock'), at)
  // With a user's retry policy: requests of a killed program may still be in progress on the server.
  const settings = testSettings(gateway.url, spoolDir, { retry: retryPolicyFromEnv({}) })
  const synced = await syncJournals({ settings })
  expect(synced.filter(({ outcome }) => outcome !== 'delivered')).toEqual([])
}

function ageLock(path: string, at: Date): void {
  try {
    utimesSync(path, at, at)
  } catch {
    // Released when its program ended.
  }
}

/** What the server has of a job, beside what it must have. */
async function foundOf(job: KilledJob, resumeKey: string): Promise<object> {
  const runs = (await allRuns()).filter((run) => tagOf(run, RUN_TAGS.resumeKey) === resumeKey)
  const { run_id: runId = '', artifact_uri: artifactUri = '' } = runs[0]?.info ?? {}
  const points = await Array.fromAsync(getMetricHistory(transport, { runId, key: 'loss' }))
  const steps = points.map(({ step }) => step).toSorted((one, other) => one - other)
  const paths: string[] = []
  const torn: string[] = []
  for await (const { path } of walkArtifacts(transport, { runId })) {
    const response = await downloadArtifact(transport, { artifactUri, path })
    const isWhole = job.files.get(path)?.equals(Buffer.from(await response.arrayBuffer())) === true
    ;(isWhole ? paths : torn).push(path)
  }
  return {
    resumeKey,
    statuses: runs.map(({ info }) => info.status),
    lost: Math.max(0, job.safe - new Set(steps).size),
    doubled: steps.length - new Set(steps).size,
    foreign: points.filter(({ step, value }) => value !== step / 8),
    gaps: steps.filter((step, index) => index > 0 && step > (steps[index - 1] ?? 0) + 1),
    paths: paths.toSorted(),
    torn,
  }
}

function wantedOf(job: KilledJob, resumeKey: string, status: string): object {
  const paths = [...job.files.keys()].toSorted()
  return { resumeKey, statuses: [status], lost: 0, doubled: 0, foreign: [], gaps: [], paths, torn: [] }
}

async function allRuns(): Promise<WireRun[]> {
  const { experiment_id: experimentId = '' } = (await getExperimentByName(transport, 'tests')) ?? {}
  return await Array.fromAsync(searchRuns(transport, { experimentIds: [experimentId] }))
}
