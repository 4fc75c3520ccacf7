import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ClientError, init, type Receipt, type Run } from '@soen/mlflow-client'
import { loadConfig } from '@soen/mlflow-client/settings'
import { readCheckpoint, sidecarPath, writeCheckpoint } from './checkpoint.ts'
import { simulateData } from './dataset.ts'
import { describeRun } from './description.ts'
import { fit, startFit, type FitListener, type FitOptions, type FitState, type Score } from './fit.ts'
import { LogTimer, type LogCallCost } from './log-timer.ts'
import { parseTrainingConfig, type TrainingConfig } from './training-config.ts'

/** What `--json` prints as its last line. */
interface Result {
  readonly runId: string | null
  readonly experimentId: string | null
  readonly name: string
  readonly metrics: Readonly<Record<string, number>>
  readonly receipt: Receipt
  readonly logCall: LogCallCost
}

const { values: flags } = parseArgs({
  options: {
    /** Training file. */
    config: { type: 'string', default: join(import.meta.dirname, 'train.yaml') },
    /** Folder of the checkpoints. */
    out: { type: 'string', default: join(import.meta.dirname, '.soen') },
    /** Checkpoint to go on from. */
    resume: { type: 'string' },
    /** Stop after that epoch, as if the machine were taken away. */
    'stop-after': { type: 'string' },
    /** End with one line of JSON. */
    json: { type: 'boolean', default: false },
  },
})

try {
  await main(flags.config)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  if (error instanceof ClientError) process.stderr.write(`${error.hint}\n`)
  process.exitCode = 1
}

async function main(configPath: string): Promise<void> {
  const file = await loadConfig(configPath)
  const config = parseTrainingConfig(file)
  const { seed, repeat } = config
  const client = await init({ config: Object(file), seed, repeat })
  const sizes = [5, ...config.hidden, 1]
  const run = client.startRun({
    name: `dendrite-${config.hidden.join('x')}-s${seed}-r${repeat}`,
    ...(client.settings.active &&
      client.settings.experiment === 'Default' && { experiment: 'soen-surrogate' }),
    project: client.settings.active ? (client.settings.identity.project ?? 'soen-surrogate') : undefined,
    tags: { 'soen.model': 'dendrite surrogate' },
    params: { training: { ...config }, model: { sizes, activation: 'tanh' }, optimiser: { name: 'adam' } },
    description: describeRun(config, sizes),
  })
  try {
    const result = await train(config, sizes, run)
    report(result, run)
  } catch (error) {
    await run.end({ status: 'FAILED', timeoutMs: 5000 })
    throw error
  } finally {
    await client.close({ timeoutMs: 1000 })
  }
}

async function train(config: TrainingConfig, sizes: readonly number[], run: Run): Promise<Result> {
  const data = simulateData(config)
  const timer = new LogTimer()
  let trainLoss = Number.NaN
  let last: Score = { loss: Number.NaN, accuracy: 0 }

  const start = performance.now()
  const stopAfter = Number(flags['stop-after'] ?? config.epochs)
  const options = { ...config, sizes, stopAfter }
  const listener: FitListener = {
    onStep(step, loss, learningRate) {
      trainLoss = loss
      timer.time(() => run.log({ 'train_loss/total': loss, lr: learningRate }, { step }))
    },
    onEpoch(epoch, step, validation) {
      last = validation
      timer.time(() =>
        run.log({ 'val_loss/total': validation.loss, val_acc: validation.accuracy, epoch }, { step }),
      )
      if (epoch % 10 === 0) {
        const loss = validation.loss.toExponential(2)
        process.stderr.write(`epoch ${epoch}: val_loss ${loss}, val_acc ${validation.accuracy.toFixed(3)}\n`)
      }
    },
  }
  const state = await fit(options, data, listener, firstState(options))
  const loopMs = performance.now() - start

  const metrics = { 'train_loss/total': trainLoss, 'val_loss/total': last.loss, val_acc: last.accuracy }
  const folder = join(flags.out, run.name)
  mkdirSync(folder, { recursive: true })
  const path = join(folder, 'model.ckpt')
  writeCheckpoint(path, state, { sizes, metrics })
  run.artifact(path, { to: 'checkpoints' })
  run.artifact(sidecarPath(path), { to: 'checkpoints' })
  const receipt = await run.end({ timeoutMs: 15_000 })

  const { runId = null, experimentId = null } = run.remote ?? {}
  return { runId, experimentId, name: run.name, metrics, receipt, logCall: timer.cost(loopMs) }
}

function firstState(options: FitOptions): FitState {
  if (flags.resume === undefined) return startFit(options)
  const { state, sizes } = readCheckpoint(flags.resume)
  if (sizes.join() === options.sizes.join()) return state
  throw new Error(`${flags.resume} is of a network ${sizes.join('-')}, not ${options.sizes.join('-')}.`)
}

function report({ receipt, logCall, ...result }: Result, run: Run): void {
  const { calls, p50Us, p99Us, shareOfLoop } = logCall
  process.stdout.write(
    `Log call: p50 ${p50Us.toFixed(1)} µs, p99 ${p99Us.toFixed(1)} µs; ${calls} calls took ` +
      `${(100 * shareOfLoop).toFixed(2)} % of the training loop.\n`,
  )
  if (receipt.spooled > 0) {
    process.stdout.write(`${receipt.spooled} items wait for the server in ${run.journalFolder}\n`)
  } else if (run.url !== undefined) {
    process.stdout.write(`${receipt.delivered} items delivered: ${run.url}\n`)
  }
  if (flags.json) process.stdout.write(`${JSON.stringify({ ...result, receipt, logCall })}\n`)
}
