/**
 * The cost of the audit: requests that change something, through the front door with and without it, in the
 * same run and process. `node audit.bench.ts [--json]`
 */
import { join } from 'node:path'
import { figure, printFigures, quantile, type Figure } from '@soen/testbed'
import { Pool } from 'undici'
import { openUpstream } from '../forward/upstream.ts'
import { listenOn } from '../http/listen.ts'
import { buildServer } from '../server.ts'
import { openStore } from '../store/open-store.ts'
import { startFakeUpstream } from '../testing/fake-upstream.ts'
import { basic, testAuthenticator } from '../testing/auth-proxy.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { openAudit } from './open-audit.ts'
import { Sightings } from './sightings.ts'
import type { TrailOptions } from './trail.ts'

interface Sample {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
}

const connections = 8
const rounds = 4
const roundMs = 1500
const run = '0123456789abcdef0123456789abcdef'
const headers = { authorization: basic('ada'), 'content-type': 'application/json' }
const routes = {
  'hot write (log-metric)': ['runs/log-metric', { run_id: run, key: 'loss', value: 1, timestamp: 1 }],
  'change (runs/update)': ['runs/update', { run_id: run }],
  'delete, kept before it is done': ['runs/delete', { run_id: run }],
} as const

/** Sends requests one after the other on each connection until the time is over. */
async function measure(target: Pool, route: string, body: object): Promise<Sample> {
  const durations: number[] = []
  const startedAt = performance.now()
  const text = JSON.stringify(body)
  const sendUntilOver = async (): Promise<void> => {
    for (let before = performance.now(); before - startedAt < roundMs; before = performance.now()) {
      const path = `/api/2.0/mlflow/${route}`
      const { statusCode, body: answer } = await target.request({ path, method: 'POST', headers, body: text })
      await answer.dump()
      if (statusCode !== 200) throw new Error(`Expected 200, got ${statusCode}.`)
      durations.push(performance.now() - before)
    }
  }
  await Promise.all(Array.from({ length: connections }, sendUntilOver))
  return {
    perSecond: (durations.length * 1000) / (performance.now() - startedAt),
    p50Ms: quantile(durations, 0.5),
    p99Ms: quantile(durations, 0.99),
  }
}

async function openDoor(
  socketPath: string,
  audit?: TrailOptions,
): Promise<{ pool: Pool; close(): Promise<void> }> {
  const upstream = openUpstream(`unix:${socketPath}`)
  const authenticator = await testAuthenticator()
  const server = buildServer({ upstream, authenticator, ...(audit === undefined ? {} : { audit }) })
  const pool = new Pool(await listenOn(server, { host: '127.0.0.1', port: 0 }), { connections })
  return {
    pool,
    async close() {
      await pool.close()
      await server[Symbol.asyncDispose]()
      await upstream.destroy()
    },
  }
}

async function compare(): Promise<Figure[]> {
  await using folder = await temporaryFolder()
  await using mlflow = await startFakeUpstream()
  await using store = await openStore(join(folder.path, 'auth.sqlite'))
  await using log = await openAudit(store, {
    folder: join(folder.path, 'audit'),
    onTrouble: (error) => {
      throw error
    },
  })
  const without = await openDoor(mlflow.socketPath)
  const withAudit = await openDoor(mlflow.socketPath, { log, sightings: new Sightings() })
  const figures: Figure[] = []
  for (const [name, [route, body]] of Object.entries(routes)) {
    const samples: { ours: Sample; peer: Sample }[] = []
    // In turns, so that both are measured on an equally busy machine.
    for (let round = 0; round < rounds; round += 1) {
      const peer = await measure(without.pool, route, body)
      samples.push({ peer, ours: await measure(withAudit.pool, route, body) })
    }
    const median = (pick: (sample: { ours: Sample; peer: Sample }) => number): number =>
      quantile(samples.map(pick), 0.5)
    figures.push(
      figure({
        name: `${name}: throughput`,
        unit: '/s',
        value: median(({ ours }) => ours.perSecond),
        peer: {
          name: 'without audit',
          value: median(({ peer }) => peer.perSecond),
        },
      }),
      figure({
        name: `${name}: p50`,
        unit: 'ms',
        value: median(({ ours }) => ours.p50Ms),
        peer: {
          name: 'without audit',
          value: median(({ peer }) => peer.p50Ms),
        },
      }),
    )
  }
  await withAudit.close()
  await without.close()
  return figures
}

printFigures('audit', await compare())
