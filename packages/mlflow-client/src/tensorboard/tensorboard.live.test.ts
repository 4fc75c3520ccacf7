import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { ensureTensorBoard, waitUntil } from '@soen/testbed'
import { afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { getMetricHistory, type MetricPoint } from '../rest/metrics.ts'
import { getRun, searchRuns } from '../rest/runs.ts'
import { createTransport } from '../rest/transport.ts'
import { Client } from '../run/client.ts'
import { testSettings } from '../testing/settings.ts'
import type { TfEvent } from './event.ts'
import { TfEventReader } from './event-reader.ts'
import { TfEventWriter } from './event-writer.ts'
import { followTensorBoard } from './follow.ts'
import { importTensorBoard } from './import.ts'
import { findEventFiles } from './log-folder.ts'

const run = promisify(execFile)
const { trackingUri } = inject('mlflow')
const transport = createTransport({ trackingUri })
let python: string
let folder: Awaited<ReturnType<typeof mkdtempDisposable>>

/** TensorBoard's own writer, as PyTorch's SummaryWriter uses it; each line of stdin is a step to write. */
const writer = `
import sys
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
from tensorboard.compat.proto.tensor_pb2 import TensorProto
from tensorboard.compat.proto.tensor_shape_pb2 import TensorShapeProto
from tensorboard.plugins.hparams import plugin_data_pb2
from tensorboard.summary.writer.event_file_writer import EventFileWriter

def metadata(plugin, content=b""):
    return SummaryMetadata(plugin_data=SummaryMetadata.PluginData(plugin_name=plugin, content=content))

def add(step, *values):
    writer.add_event(Event(wall_time=1700000000 + step + 0.1239, step=step, summary=Summary(value=values)))
    writer.flush()

writer = EventFileWriter(sys.argv[1])
start = plugin_data_pb2.SessionStartInfo(start_time_secs=1.5)
start.hparams["lr"].number_value = 0.001
start.hparams["opt"].string_value = "adam"
start.hparams["tuned"].bool_value = True
content = plugin_data_pb2.HParamsPluginData(session_start_info=start, version=0).SerializeToString()
add(0, Summary.Value(tag="_hparams_/session_start_info", metadata=metadata("hparams", content)))
for line in sys.stdin:
    step = int(line)
    new_style = TensorProto(dtype="DT_FLOAT", float_val=[step / 10])
    histogram = TensorProto(dtype="DT_DOUBLE", tensor_shape=TensorShapeProto(dim=[TensorShapeProto.Dim(size=2)]), double_val=[1, 2])
    text = TensorProto(dtype="DT_STRING", string_val=[b"words"])
    add(step,
        Summary.Value(tag="val_loss/total", simple_value=step / 10),
        Summary.Value(tag="new", tensor=new_style, metadata=metadata("scalars")),
        Summary.Value(tag="weights", tensor=histogram, metadata=metadata("histograms")),
        Summary.Value(tag="note", tensor=text, metadata=metadata("text")))
writer.close()
`

/** What TensorBoard itself reads from a folder. */
const reader = `
import json, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams import plugin_data_pb2
accumulator = EventAccumulator(sys.argv[1]).Reload()
scalars = {tag: [[e.step, round(e.wall_time * 1000), e.value] for e in accumulator.Scalars(tag)] for tag in accumulator.Tags()["scalars"]}
content = accumulator.PluginTagToContent("hparams")["_hparams_/session_start_info"]
start = plugin_data_pb2.HParamsPluginData.FromString(content).session_start_info
hparams = {key: getattr(value, value.WhichOneof("kind")) for key, value in start.hparams.items()}
print(json.dumps({"scalars": scalars, "hparams": hparams, "startTimeSecs": start.start_time_secs}))
`

beforeAll(async () => {
  python = await ensureTensorBoard()
})
beforeEach(async () => {
  folder = await mkdtempDisposable(join(tmpdir(), 'tensorboard-'))
})
afterEach(() => folder[Symbol.asyncDispose]())

async function write(logdir: string, steps: readonly number[]): Promise<void> {
  const child = spawn(python, ['-c', writer, logdir], { stdio: ['pipe', 'inherit', 'inherit'] })
  child.stdin.end(steps.join('\n'))
  const [code] = await once(child, 'exit')
  expect(code).toBe(0)
}

async function readAll(path: string): Promise<TfEvent[]> {
  const events = new TfEventReader(path)
  const all: TfEvent[] = []
  for (let some = await events.read(); some !== undefined; some = await events.read()) all.push(...some)
  return all
}

const pointsOf = async (runId: string, key: string): Promise<MetricPoint[]> => {
  const points = await Array.fromAsync(getMetricHistory(transport, { runId, key }))
  return points.toSorted((a, b) => a.step - b.step)
}

test('reads all that the real writer wrote, and rounds its times as itself', async () => {
  await write(folder.path, [1, 2])
  const [path = ''] = await findEventFiles(folder.path)
  const events = await readAll(path)
  expect(events.slice(1)).toEqual([
    {
      timestampMs: 1_700_000_000_124,
      step: 0,
      scalars: [],
      hparams: { lr: 0.001, opt: 'adam', tuned: true },
    },
    ...[1, 2].map((step) => ({
      timestampMs: 1_700_000_000_124 + 1000 * step,
      step,
      scalars: [
        { tag: 'val_loss/total', value: step / 10 },
        { tag: 'new', value: step / 10 },
      ],
    })),
  ])
})

test('writes what the real reader shows', async () => {
  using events = new TfEventWriter(folder.path)
  events.hparams({ lr: 0.001, opt: 'adam', tuned: true }, { timestampMs: 1500 })
  for (let step = -1; step < 3; step += 1) {
    events.scalars(
      { 'val_loss/total': step / 4, 损失: step },
      { step, timestampMs: 1_700_000_000_124 + step },
    )
  }
  events.close()
  const { stdout } = await run(python, ['-c', reader, folder.path])
  const steps = [-1, 0, 1, 2]
  expect(JSON.parse(stdout)).toEqual({
    scalars: {
      'val_loss/total': steps.map((step) => [step, 1_700_000_000_124 + step, step / 4]),
      损失: steps.map((step) => [step, 1_700_000_000_124 + step, step]),
    },
    hparams: { lr: 0.001, opt: 'adam', tuned: true },
    startTimeSecs: 1.5,
  })
})

test('follows the real writer live into a run', async () => {
  const settings = testSettings(trackingUri, join(folder.path, 'spool'), { experiment: 'tensorboard live' })
  const client = new Client(settings)
  const live = client.startRun()
  const logdir = join(folder.path, 'logs')
  const child = spawn(python, ['-c', writer, logdir], { stdio: ['pipe', 'inherit', 'inherit'] })
  const follower = followTensorBoard(logdir, live, { pollMs: 20 })
  child.stdin.write('1\n')
  await waitUntil(async () => {
    await live.flush()
    return live.remote !== undefined && (await pointsOf(live.remote.runId, 'val_loss_total')).length === 1
  })
  child.stdin.end('2\n3\n')
  await once(child, 'exit')
  await follower.stop()
  expect(await live.end()).toMatchObject({ spooled: 0, dropped: 0, warnings: [] })
  await client.close()

  const runId = live.remote?.runId ?? ''
  const points = await pointsOf(runId, 'val_loss_total')
  expect(points.map(({ step, value }) => [step, value])).toEqual([
    [1, 0.1],
    [2, 0.2],
    [3, 0.3],
  ])
  const { data } = await getRun(transport, runId)
  expect(data.metrics?.map(({ key }) => key).toSorted()).toEqual(['new', 'val_loss_total'])
  expect(data.params).toContainEqual({ key: 'opt', value: 'adam' })
})

describe('an import', () => {
  const client = { settings: testSettings(trackingUri, '/nonexistent', { experiment: 'tensorboard import' }) }

  test('makes each folder a run; a second one, from another place and after more steps, adds what is new', async () => {
    const logdir = join(folder.path, 'logs')
    await write(join(logdir, 'fold-1'), [1, 2, 3])
    await write(join(logdir, 'fold-2'), [1])
    const first = await importTensorBoard(logdir, client, { tags: { team: 'x' } })
    expect(first.map(({ name, points, warnings }) => [name, points, warnings])).toEqual([
      ['fold-1', 6, []],
      ['fold-2', 2, []],
    ])
    const runId = first[0]?.runId ?? ''
    const before = await pointsOf(runId, 'val_loss_total')
    expect(before).toEqual(
      [1, 2, 3].map((step) => ({ step, value: step / 10, timestampMs: 1_700_000_000_124 + 1000 * step })),
    )
    const { info, data } = await getRun(transport, runId)
    expect(info).toMatchObject({ run_name: 'fold-1', status: 'FINISHED' })
    expect(Number(info.end_time)).toBe(1_700_000_003_124)
    expect(data.params).toContainEqual({ key: 'lr', value: '0.001' })
    const tags = Object.fromEntries((data.tags ?? []).map(({ key, value }) => [key, value]))
    expect(tags).toMatchObject({
      team: 'x',
      'mlflow.user': 'ann',
      'soen.metric_names': '{"val_loss_total":"val_loss/total"}',
    })

    const copy = join(folder.path, 'copy')
    await cp(logdir, copy, { recursive: true })
    const again = await importTensorBoard(copy, client)
    expect(again.map((each) => each.runId)).toEqual(first.map((each) => each.runId))
    expect(await pointsOf(runId, 'val_loss_total')).toEqual(before)

    await write(join(copy, 'fold-1'), [4])
    await importTensorBoard(copy, client)
    expect((await pointsOf(runId, 'new')).map(({ step }) => step)).toEqual([1, 2, 3, 4])
    const runs = await Array.fromAsync(
      searchRuns(transport, { experimentIds: [first[0]?.experimentId ?? ''] }),
    )
    expect(runs).toHaveLength(2)
  })

  test('of a folder without events says which folder it was', async () => {
    await expect(importTensorBoard(folder.path, client)).rejects.toMatchObject({
      code: 'SOEN_ARTIFACT_UNREADABLE',
      message: expect.stringContaining(basename(folder.path)),
    })
  })

  test('with logging disabled does nothing', async () => {
    const off = { settings: { active: false, reason: 'test' } } as const
    expect(await importTensorBoard('/no/such/folder', off)).toEqual([])
  })
})
