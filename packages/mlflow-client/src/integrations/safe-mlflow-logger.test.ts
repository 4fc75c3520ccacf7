import { mkdtempDisposable, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ClientError } from '../errors/client-error.ts'
import { Client } from '../run/client.ts'
import { TfEventReader } from '../tensorboard/event-reader.ts'
import { findEventFiles } from '../tensorboard/log-folder.ts'
import { startFakeMlflow, type FakeMlflow, type FakeRun } from '../testing/fake-mlflow.ts'
import { testSettings } from '../testing/settings.ts'
import { SafeMLFlowLogger, type SafeMLFlowLoggerOptions } from './safe-mlflow-logger.ts'

let server: FakeMlflow
let folder: Awaited<ReturnType<typeof mkdtempDisposable>>
let warnings: ClientError[]

beforeEach(async () => {
  warnings = []
  server = await startFakeMlflow()
  folder = await mkdtempDisposable(join(tmpdir(), 'logger-'))
})
afterEach(async () => {
  await server[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

const fromConfig = (options: Partial<SafeMLFlowLoggerOptions> = {}): SafeMLFlowLogger =>
  new SafeMLFlowLogger({
    config: { logging: { mlflow_active: true, mlflow_tracking_uri: server.url } },
    env: { MLFLOW_HTTP_REQUEST_MAX_RETRIES: '0' },
    spoolDir: join(folder.path, 'spool'),
    onWarn: (warning) => warnings.push(warning),
    ...options,
  })

function onlyRun(): FakeRun {
  expect(server.runs.size).toBe(1)
  const [run] = server.runs.values()
  if (run === undefined) throw new Error('no run')
  return run
}

describe('logs a training loop', () => {
  test('from the first call on, although the settings are still being read', async () => {
    const logger = fromConfig({ name: 'first', tags: { team: 'x' } })
    logger.logHyperparams({ model: { depth: 4 } })
    for (let step = 0; step < 10; step += 1)
      logger.logMetrics({ 'val_loss/total': step, val_loss_total: 1 }, step)
    logger.logText('words', 'notes/a.txt')
    logger.logTags({ own: 'tag' })
    expect(logger.run).toBeUndefined()
    expect(await logger.finalize()).toMatchObject({ spooled: 0, dropped: 0 })

    const { status, params, metrics, tags } = onlyRun()
    expect(status).toBe('FINISHED')
    expect(params.get('model.depth')).toBe('4')
    const values = metrics.filter(({ key }) => key === 'val_loss_total').map(({ value }) => value)
    expect(values).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(Object.fromEntries(tags)).toMatchObject({
      'mlflow.runName': 'first',
      'soen.metric_names': '{"val_loss_total":"val_loss/total","val_loss_total_2":"val_loss_total"}',
      own: 'tag',
      team: 'x',
    })
    expect([...server.artifacts.keys()]).toEqual(['1/run0/artifacts/notes/a.txt'])
    expect(warnings).toEqual([])
  })

  test.each([
    ['success', 'FINISHED'],
    ['failed', 'FAILED'],
    ['aborted', 'KILLED'],
  ] as const)('that ends by %s as %s, once', async (said, status) => {
    const logger = fromConfig()
    const [first, second] = await Promise.all([logger.finalize(said), logger.finalize('success')])
    expect(second).toBe(first)
    expect(onlyRun().status).toBe(status)
  })

  test('with the client of the program, at once, and leaves that client open', async () => {
    const client = new Client(testSettings(server.url, join(folder.path, 'spool')))
    const logger = new SafeMLFlowLogger({ client, name: 'mine' })
    expect(logger.run?.name).toBe('mine')
    await logger.finalize()
    const next = client.startRun()
    expect(await next.end()).toMatchObject({ spooled: 0 })
    await client.close()
  })

  test.each([
    [{ sanitize: false }, 'val/loss'],
    [{ keepSlashes: true }, 'val/loss'],
    [{ sanitize: true }, 'val_loss'],
  ])('with %o the name is %s', async (options, key) => {
    const logger = fromConfig(options)
    logger.logMetrics({ 'val/loss': 1 })
    await logger.finalize()
    expect(onlyRun().metrics).toMatchObject([{ key }])
  })

  test('at the same time for TensorBoard, with the names as they are', async () => {
    const logdir = join(folder.path, 'tb')
    const logger = fromConfig({ tensorboard: logdir })
    logger.logHyperparams({ lr: 0.1, model: { depth: 4, tied: true }, opt: 'adam' })
    logger.logMetrics({ 'val_loss/total': 0.1 }, 7)
    await logger.finalize()
    const [path = ''] = await findEventFiles(logdir)
    expect(await new TfEventReader(path).read()).toMatchObject([
      {},
      { hparams: { lr: 0.1, 'model.depth': 4, 'model.tied': true, opt: 'adam' } },
      { step: 7, scalars: [{ tag: 'val_loss/total', value: 0.1 }] },
    ])
    expect(onlyRun().metrics).toMatchObject([{ key: 'val_loss_total', value: 0.1, step: 7 }])
  })
})

describe('never throws into the training', () => {
  test('with settings that are wrong: one warning, no run, and TensorBoard still gets all', async () => {
    const logdir = join(folder.path, 'tb')
    const logger = fromConfig({ config: { logging: { mlflow_activ: true } }, tensorboard: logdir })
    logger.logMetrics({ a: 1 })
    logger.logHyperparams({ b: 2 })
    logger.withRun(() => expect.unreachable())
    expect(await logger.finalize()).toBeUndefined()
    logger.logMetrics({ a: 2 })
    expect(warnings).toMatchObject([
      {
        code: 'SOEN_CONFIG_UNKNOWN_KEY',
        message: expect.stringContaining('Starting to log to MLflow failed'),
        hint: expect.stringContaining('Did you mean "mlflow_active"?'),
      },
    ])
    const [path = ''] = await findEventFiles(logdir)
    expect(await new TfEventReader(path).read()).toHaveLength(3)
  })

  test('with a configuration file that is missing', async () => {
    const logger = fromConfig({ config: join(folder.path, 'missing.yaml') })
    logger.logMetrics({ a: 1 })
    expect(await logger.finalize()).toBeUndefined()
    expect(warnings).toMatchObject([{ code: 'SOEN_CONFIG_UNREADABLE' }])
  })

  test('with a server that is away: the journal keeps all', async () => {
    server.misbehave = () => 503
    const logger = fromConfig()
    logger.logMetrics({ a: 1 })
    expect(await logger.finalize()).toMatchObject({ delivered: 0, spooled: 1 })
    expect(warnings.map(({ code }) => code)).toContain('SOEN_SERVER_ERROR')
  })

  test('with a folder of TensorBoard that is a file: one warning, and MLflow gets all', async () => {
    const logdir = join(folder.path, 'file')
    await writeFile(logdir, '')
    const logger = fromConfig({ tensorboard: logdir })
    logger.logMetrics({ a: 1 })
    logger.logMetrics({ a: 2 }, 1)
    await logger.finalize()
    expect(onlyRun().metrics).toHaveLength(2)
    expect(warnings.map(({ message }) => message)).toEqual([expect.stringContaining(logdir)])
  })

  test('with an error in what is done with the run', async () => {
    const logger = fromConfig()
    logger.withRun(() => {
      throw new Error('mine')
    })
    await logger.finalize()
    expect(warnings).toMatchObject([{ message: 'Working with the run failed: mine' }])
  })

  test('when it is switched off: nothing at all happens', async () => {
    const logger = fromConfig({ config: { logging: { mlflow_active: false } } })
    logger.logMetrics({ a: 1 })
    expect(await logger.finalize()).toMatchObject({ accepted: 0 })
    expect(server.requests).toEqual([])
  })
})
