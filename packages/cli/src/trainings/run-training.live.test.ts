import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import {
  createRun,
  createTransport,
  downloadArtifact,
  getExperimentByName,
  getMetricHistory,
  getRun,
  searchRuns,
  type WireRun,
} from '@soen/mlflow-client/rest'
import { freePort, temporaryFolder } from '@soen/testbed'
import { expect, inject, test } from 'vitest'
import { soen } from '../testing/running-soen.ts'

const { python, trackingUri } = inject('mlflow')
const main = fileURLToPath(new URL('../main.ts', import.meta.url))
const training = fileURLToPath(new URL('../testing/small_training.py', import.meta.url))
const transport = createTransport({ trackingUri })

function environment(home: string): Record<string, string> {
  return {
    HOME: home,
    SOEN_SPOOL_DIR: home,
    MLFLOW_TRACKING_URI: trackingUri,
    MLFLOW_TRACKING_USERNAME: 'ann',
    MLFLOW_TRACKING_PASSWORD: 'of-the-server',
    DO_NOT_TRACK: 'true',
    NO_COLOR: '1',
  }
}

async function runsOf(experiment: string): Promise<WireRun[]> {
  const found = await getExperimentByName(transport, experiment)
  if (found === undefined) return []
  return await Array.fromAsync(searchRuns(transport, { experimentIds: [found.experiment_id] }))
}

async function consoleOf({ info: { artifact_uri: artifactUri = '' } }: WireRun): Promise<string> {
  return await (await downloadArtifact(transport, { artifactUri, path: 'logs/console.log' })).text()
}

const tagsOf = ({ data }: WireRun): Record<string, string> =>
  Object.fromEntries((data.tags ?? []).map(({ key, value }) => [key, value]))

test.each([
  { exitCode: 0, status: 'FINISHED', args: [] },
  // The training ended its run well before it failed.
  { exitCode: 3, status: 'FINISHED', args: ['3'] },
])(
  "a training in Python that ends with $exitCode is the job's run, with what it wrote",
  async ({ exitCode, status, args }) => {
    using home = temporaryFolder('run')
    const experiment = `run ${randomUUID()}`
    const flags = ['--experiment', experiment, '--name', 'first', '--tag', 'a=b=c']
    const ended = soen(['run', ...flags, '--', python, training, ...args], environment(home.path))
    expect(ended.stdout).toContain('\r 50%|##  |\r100%|####|\npassword: not here\n')
    expect(ended.stderr).toContain('on stderr\n')
    expect(ended.stderr).toMatch(/^✓ first: \d+ items delivered$/m)
    expect(ended.status).toBe(exitCode)
    const [run, ...others] = await runsOf(experiment)
    if (run === undefined) throw new Error('no run')
    expect(others).toEqual([])
    expect(run.info).toMatchObject({ run_name: 'first', status })
    expect(ended.stderr).toContain(
      `${trackingUri}/#/experiments/${run.info.experiment_id}/runs/${run.info.run_id}`,
    )
    expect(tagsOf(run)).toMatchObject({
      a: 'b=c',
      'mlflow.user': 'ann',
      'soen.exit_code': String(exitCode),
      'soen.command': [python, training, ...args].join(' '),
    })
    const points = await Array.fromAsync(getMetricHistory(transport, { runId: run.info.run_id, key: 'loss' }))
    expect(points.map(({ step }) => step)).toEqual([0, 1, 2])
    const kept = await consoleOf(run)
    expect(kept).toContain('100%|####|\n')
    expect(kept).toContain('on stderr\n')
    expect(kept).not.toContain('50%')
  },
)

test('a program that logs nothing has a run all the same, which fails as it does', async () => {
  using home = temporaryFolder('run')
  const experiment = `run ${randomUUID()}`
  const ended = soen(
    ['run', '--experiment', experiment, '--json', '--', 'sh', '-c', 'echo seen; exit 7'],
    environment(home.path),
  )
  expect(ended.status).toBe(7)
  const [run] = await runsOf(experiment)
  if (run === undefined) throw new Error('no run')
  expect(run.info.status).toBe('FAILED')
  expect(await consoleOf(run)).toBe('seen\n')
  expect(JSON.parse(ended.stdout)).toMatchObject({ exitCode: 7, run: { id: run.info.run_id } })
})

test('a program that logs to the run of another program leaves its end to that one', async () => {
  using home = temporaryFolder('run')
  const { info } = await createRun(transport, {
    experimentId: '0',
    name: 'of another',
    startTimeMs: 1,
    tags: [],
  })
  const script = `const { MLFLOW_TRACKING_URI: uri, MLFLOW_TRACKING_PASSWORD: password } = process.env
const headers = { authorization: 'Bearer ' + password, 'content-type': 'application/json' }
const body = JSON.stringify({ run_id: '${info.run_id}', key: 'loss', value: 1, timestamp: 1, step: 0 })
const answer = await fetch(uri + '/api/2.0/mlflow/runs/log-metric', { method: 'POST', headers, body })
process.exitCode = answer.ok ? 5 : 6`
  const command = [process.execPath, '--input-type=module', '-e', script]
  const ended = soen(['run', '--experiment', `run ${randomUUID()}`, '--', ...command], environment(home.path))
  expect(ended.status).toBe(5)
  const run = await getRun(transport, info.run_id)
  expect(run.info.status).toBe('RUNNING')
  expect(run.data.metrics).toMatchObject([{ key: 'loss', value: 1 }])
})

test('what asks soen to end asks the program, and is told as its end', async () => {
  using home = temporaryFolder('run')
  const experiment = `run ${randomUUID()}`
  const script = 'trap "echo saved; exit 143" TERM; echo ready; while :; do sleep 0.05; done'
  const child = spawn(process.execPath, [main, 'run', '--experiment', experiment, '--', 'sh', '-c', script], {
    env: { ...process.env, ...environment(home.path) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const errors = text(child.stderr)
  let said = ''
  for await (const part of child.stdout.setEncoding('utf8')) {
    if (said === '') child.kill('SIGTERM')
    said += String(part)
  }
  if (child.exitCode === null) await once(child, 'exit')
  expect({ said, code: child.exitCode, errors: await errors }).toMatchObject({
    said: 'ready\nsaved\n',
    code: 143,
  })
  const [run] = await runsOf(experiment)
  expect(run?.info.status).toBe('KILLED')
})

test.each([
  ['nobody asks it', ['--offline'], trackingUri],
  ['it is away', ['--drain', '0'], `http://127.0.0.1:${await freePort()}`],
])('a training goes on without the server where %s, and waits for soen sync', async (_, flags, address) => {
  using home = temporaryFolder('run')
  const experiment = `run ${randomUUID()}`
  const env = { ...environment(home.path), MLFLOW_TRACKING_URI: address, SOEN_RETRY_MAX: '1' }
  const ended = soen(['run', '--experiment', experiment, ...flags, '--', python, training], env)
  expect(ended.status).toBe(0)
  expect(ended.stderr).toMatch(/0 items delivered, \d+ items wait in .*: soen sync/)
  expect(await runsOf(experiment)).toEqual([])
  const synced = soen(['sync', '--to', trackingUri], environment(home.path))
  expect(synced.stdout).toContain('delivered')
  const [run] = await runsOf(experiment)
  expect(run?.info.status).toBe('FINISHED')
  expect(run?.data.metrics?.map(({ key, step }) => [key, step])).toEqual([['loss', 2]])
})

test.each([
  ['no command', ['run'], 2, "missing required argument 'command'"],
  ['no such program', ['run', '--', 'no-such-program-at-all'], 127, 'there is no such program'],
  ['a tag without a value', ['run', '--tag', 'a', '--', 'true'], 2, 'A tag is written KEY=VALUE.'],
  ['a file that is not there', ['run', '--config', '/no/such.yaml', '--', 'true'], 1, '/no/such.yaml'],
])('%s is said in a sentence', (_, args, status, sentence) => {
  using home = temporaryFolder('run')
  const ended = soen(args, environment(home.path))
  expect(ended.stderr).toContain(sentence)
  expect(ended.status).toBe(status)
})

test('without a server the program is not started, and it is said how to name one', () => {
  using home = temporaryFolder('run')
  const env = { HOME: home.path, MLFLOW_TRACKING_URI: '', SOEN_SPOOL_DIR: home.path }
  const ended = soen(['run', '--', 'sh', '-c', 'echo started'], env)
  expect(ended).toMatchObject({ status: 1, stdout: '' })
  expect(ended.stderr).toContain('There is nowhere to log to')
})
