/**
 * What logging costs a training, and how fast it arrives, compared with a bare loop and MLflow's own Python client.
 * `node run.bench.ts [--json] [--short] [PART...]`, a part being one of those below.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { bridgeToSocket, figure, measureParts, startMlflow, type Figure, type Parts } from '@soen/testbed'
import { measureBareLoop, measureDelivery, measureLag } from '../testing/bench/measure-delivery.ts'
import { measureAwaitedFetch, measureLog, measureWriteSync } from '../testing/bench/measure-log.ts'
import { bundleProgram, measurePackage } from '../testing/bench/measure-package.ts'
import { measurePython } from '../testing/bench/measure-python.ts'
import { measureUpload } from '../testing/bench/measure-upload.ts'

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean', default: false }, short: { type: 'boolean', default: false } },
  allowPositionals: true,
})
// `--short` is for a quick check: the same figures from a fiftieth of the work.
const SIZES = values.short
  ? { points: 10_000, offline: 50_000, pythonSync: 30, pythonAsync: 300, lagSeconds: 2, megabytes: 64 }
  : {
      points: 200_000,
      offline: 1_000_000,
      pythonSync: 300,
      pythonAsync: 3000,
      lagSeconds: 20,
      megabytes: 1024,
    }
const OFFLINE_MEGABYTES = (120 * SIZES.offline) / 1_000_000

const folder = mkdtempSync(join(tmpdir(), 'bench-'))
const parts: Parts = {
  cost: costFigures,
  delivery: deliveryFigures,
  size: sizeFigures,
  upload: async () => [await uploadFigure()],
}
try {
  await measureParts('client', parts, { chosen: positionals, json: values.json })
} finally {
  rmSync(folder, { recursive: true })
}

async function costFigures(): Promise<Figure[]> {
  const [ours, write, awaited] = [
    await measureLog(folder),
    measureWriteSync(folder),
    await measureAwaitedFetch(),
  ]
  const log = (share: 'p50' | 'p99') => ({ name: `run.log() ${share}`, unit: 'µs', value: ours[share] })
  const written = { name: 'writeSync of one record, p50', value: write.p50 }
  return [
    figure({ ...log('p50'), peer: written, goal: { of: 'ratio', atMost: 1.5 } }),
    figure({ ...log('p99'), peer: written, goal: { of: 'ratio', atMost: 30 } }),
    ...(['p50', 'p99'] as const).map((share) => {
      const peer = { name: `awaited fetch of log-batch ${share}`, value: awaited[share] }
      return figure({ ...log(share), peer, goal: { of: 'ratio', atMost: 0.05 } })
    }),
  ]
}

async function deliveryFigures(): Promise<Figure[]> {
  await using mlflow = await startMlflow()
  await using bridge = await bridgeToSocket(mlflow.socketPath)
  const bare = await measureBareLoop(bridge.url, SIZES.points)
  const ours = {
    name: 'delivery, metrics a second',
    unit: '1/s',
    value: await measureDelivery(bridge.url, folder, SIZES.points),
  }
  const sync = await measurePython(mlflow.python, bridge.url, 'sync', SIZES.pythonSync)
  const async_ = await measurePython(mlflow.python, bridge.url, 'async', SIZES.pythonAsync)
  const lagMs = await measureLag(bridge.url, folder, SIZES.lagSeconds)
  const { p50 } = await measureLog(folder)
  return [
    figure({
      ...ours,
      peer: { name: 'bare loop of log-batch', value: bare },
      goal: { of: 'ratio', atLeast: 0.9 },
    }),
    figure({
      ...ours,
      peer: { name: 'Python log_metric', value: sync.perSecond },
      goal: { of: 'ratio', atLeast: 40 },
    }),
    figure({
      ...ours,
      peer: { name: 'Python asynchronous', value: async_.perSecond },
      goal: { of: 'ratio', atLeast: 30 },
    }),
    figure({
      name: 'run.log() p50',
      unit: 'µs',
      value: p50,
      peer: { name: 'Python asynchronous enqueue, p50', value: async_.callMicros },
      goal: { of: 'ratio', atMost: 1 / 150 },
    }),
    limit('event loop lag p99 at 5,000 points a second', 'ms', lagMs, 5),
  ]
}

async function sizeFigures(): Promise<Figure[]> {
  await bundleProgram(join(import.meta.dirname, '../testing/offline-child.ts'), join(folder, 'child'))
  const child = join(folder, 'child/offline-child.js')
  const told = execFileSync(process.execPath, [child, join(folder, 'offline'), String(SIZES.offline)], {
    encoding: 'utf8',
  })
  const { journalBytes, peakRss }: { journalBytes: number; peakRss: number } = JSON.parse(told)
  const { gzippedBytes, importMs } = await measurePackage(join(folder, 'package'))
  return [
    limit(`journal of ${SIZES.offline} points`, 'MB', journalBytes / 1e6, OFFLINE_MEGABYTES),
    limit(`memory with ${SIZES.offline} points offline`, 'MB', peakRss / 1e6, 150),
    limit('cold import', 'ms', importMs, 30),
    limit('core, minified and gzipped', 'kB', gzippedBytes / 1000, 25),
  ]
}

async function uploadFigure(): Promise<Figure> {
  const { ours, boto } = await measureUpload(folder, SIZES.megabytes)
  return figure({
    name: `upload of ${SIZES.megabytes} MiB to S3`,
    unit: 'MiB/s',
    value: ours,
    peer: { name: 'boto3 upload_file', value: boto },
    goal: { of: 'ratio', atLeast: 0.9 },
  })
}

/** A figure that is compared with a limit instead of a peer. */
function limit(name: string, unit: string, value: number, atMost: number): Figure {
  return figure({ name, unit, value, peer: { name: 'limit', value: atMost }, goal: { of: 'value', atMost } })
}
