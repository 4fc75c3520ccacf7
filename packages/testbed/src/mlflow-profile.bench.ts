/** What MLflow's tuned run profile saves compared with a stock `mlflow server`, in the same run. */
import { ensureMlflow, groupMemory, startGuarded } from '@soen/mlflow-server'
import { figure, printFigures, quantile } from './figures.ts'
import { temporaryFolder } from './folder.ts'
import { freePort } from './free-port.ts'
import { bridgeToSocket } from './loopback-bridge.ts'
import { startMlflow } from './mlflow.ts'
import { followOutput } from './output.ts'
import { waitUntilUp } from './wait-until.ts'

interface Sample {
  readonly startMs: number
  readonly pssMb: number
  readonly processes: number
  readonly p50Ms: number
}

const requests = 100

async function measure(url: string, pid: number, startMs: number): Promise<Sample> {
  const durations: number[] = []
  const created = await post(url, 'experiments/create', { name: `bench ${pid}` })
  const { run } = await post(url, 'runs/create', { experiment_id: created['experiment_id'], start_time: 0 })
  for (let step = 0; step < requests; step += 1) {
    const metric = {
      run_id: Object(run).info.run_id,
      key: 'loss',
      value: 1 / (step + 1),
      timestamp: step,
      step,
    }
    const before = performance.now()
    await post(url, 'runs/log-metric', metric)
    durations.push(performance.now() - before)
  }
  const memory = await groupMemory(pid)
  const { pssBytes = 0, processes = 0 } = memory ?? {}
  return { startMs, pssMb: pssBytes / 1e6, processes, p50Ms: quantile(durations, 0.5) }
}

async function post(url: string, path: string, body: object): Promise<Record<string, unknown>> {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${url}/api/2.0/mlflow/${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return { ...Object(await answer.json()) }
}

async function measureTuned(): Promise<Sample> {
  const before = performance.now()
  await using mlflow = await startMlflow({ workers: 2, isWarm: false })
  const startMs = performance.now() - before
  await using bridge = await bridgeToSocket(mlflow.socketPath)
  return await measure(bridge.url, mlflow.pid, startMs)
}

async function measureStock(): Promise<Sample> {
  const { python } = await ensureMlflow()
  using folder = temporaryFolder('stock')
  const port = await freePort()
  const before = performance.now()
  const program = await startGuarded({
    command: python,
    args: ['-m', 'mlflow', 'server', '--host', '127.0.0.1', '--port', String(port)],
    env: { PATH: process.env['PATH'] ?? '', HOME: folder.path, MLFLOW_DISABLE_TELEMETRY: 'true' },
    cwd: folder.path,
  })
  const url = `http://127.0.0.1:${port}`
  const stop = async (): Promise<void> => void (await program.stop())
  try {
    const isUp = async (): Promise<boolean> => (await fetch(`${url}/health`)).ok
    await waitUntilUp({ what: 'the stock MLflow', program, isUp, output: followOutput(program), stop })
    return await measure(url, program.pid, performance.now() - before)
  } finally {
    await stop()
  }
}

const [ours, stock] = [await measureTuned(), await measureStock()]
const beside = (key: keyof Sample) => ({
  value: ours[key],
  peer: { name: 'stock mlflow server', value: stock[key] },
})
printFigures('host', [
  figure({
    name: 'memory at rest (PSS)',
    unit: 'MB',
    ...beside('pssMb'),
    goal: { of: 'value', atMost: 750 },
  }),
  figure({ name: 'processes', unit: '', ...beside('processes'), goal: { of: 'value', atMost: 5 } }),
  figure({
    name: 'one logged metric, p50',
    unit: 'ms',
    ...beside('p50Ms'),
    goal: { of: 'ratio', atMost: 0.5 },
  }),
  figure({ name: 'start to healthy', unit: 'ms', ...beside('startMs') }),
])
