import { execFile } from 'node:child_process'
import { mkdtempDisposable, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ensureTensorBoard } from '@soen/testbed'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createFileTransport } from '../local-store/file-transport.ts'
import { getMetricHistory } from '../rest/metrics.ts'
import { getRun } from '../rest/runs.ts'
import { resolveSettings } from '../settings/resolve-settings.ts'
import { importTensorBoard, type ImportedFolder } from './import.ts'
import { findEventFiles } from './log-folder.ts'

const run = promisify(execFile)
let python: string
let folder: Awaited<ReturnType<typeof mkdtempDisposable>>
let logdir: string
let store: string

/** What TensorBoard itself shows of a folder. */
const SHOWN = `
import json, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
accumulator = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0}).Reload()
print(json.dumps({tag: [[e.step, round(e.value, 6)] for e in accumulator.Scalars(tag)] for tag in accumulator.Tags()["scalars"]}))
`

beforeAll(async () => {
  python = await ensureTensorBoard()
})
beforeEach(async () => {
  folder = await mkdtempDisposable(join(tmpdir(), 'peculiar-'))
  logdir = join(folder.path, 'logs')
  store = join(folder.path, 'mlruns')
})
afterEach(() => folder[Symbol.asyncDispose]())

async function inPython(program: string): Promise<string> {
  return (await run(python, ['-c', program, logdir])).stdout
}

async function importAll(): Promise<ImportedFolder[]> {
  const call = { active: true, trackingUri: `file:${store}`, spoolDir: join(folder.path, 'spool') }
  const settings = resolveSettings({ call, env: {} })
  return await importTensorBoard(logdir, { settings })
}

async function curve(runId: string, key: string): Promise<number[][]> {
  const points = await Array.fromAsync(getMetricHistory(createFileTransport(store), { runId, key }))
  return points.map(({ step, value }) => [step, value])
}

test('a writer that was restarted takes its later steps back, here as in TensorBoard', async () => {
  await inPython(`
import sys
from tensorboardX import SummaryWriter
for index, (first, purge) in enumerate([(0, None), (5, 5), (3, 3)]):
    with SummaryWriter(sys.argv[1], purge_step=purge, filename_suffix=f".{index}") as writer:
        for step in range(first, 10):
            writer.add_scalar("loss", step + first / 100, step)
            writer.add_scalar("gap", step * 2, 2 * step)
`)
  const shown: Record<string, number[][]> = JSON.parse(await inPython(SHOWN))
  const [imported] = await importAll()
  const runId = imported?.runId ?? ''
  for (const tag of ['loss', 'gap']) expect(await curve(runId, tag)).toEqual(shown[tag])
  expect(shown['loss']).toHaveLength(10)
})

test('hyperparameters that a writer puts into a folder of their own join the run of its curves', async () => {
  await inPython(`
import sys
from tensorboardX import SummaryWriter
with SummaryWriter(sys.argv[1]) as writer:
    for step in range(3):
        writer.add_scalar("loss", step, step)
    writer.add_hparams({"lr": 0.1, "opt": "adam"}, {"hparam/best": 0.5})
`)
  expect(await findEventFiles(logdir)).toHaveLength(2)
  const imported = await importAll()
  expect(imported).toMatchObject([{ folder: '', warnings: [] }])
  const runId = imported[0]?.runId ?? ''
  const { data } = await getRun(createFileTransport(store), runId)
  expect(data.params).toEqual(
    expect.arrayContaining([
      { key: 'lr', value: '0.1' },
      { key: 'opt', value: 'adam' },
    ]),
  )
  expect(await curve(runId, 'loss')).toEqual([
    [0, 0],
    [1, 1],
    [2, 2],
  ])
  expect(await curve(runId, 'hparam_best')).toEqual([[0, 0.5]])
})

test('one damaged record costs that record alone, and is told', async () => {
  await inPython(`
import sys
from tensorboardX import SummaryWriter
with SummaryWriter(sys.argv[1]) as writer:
    for step in range(100):
        writer.add_scalar("loss", step, step)
`)
  const [path = ''] = await findEventFiles(logdir)
  const bytes = await readFile(path)
  bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 0xff, bytes.length >> 1)
  await writeFile(path, bytes)
  const [imported] = await importAll()
  const points = await curve(imported?.runId ?? '', 'loss')
  expect(points).toHaveLength(99)
  expect(imported?.warnings).toMatchObject([
    { code: 'SOEN_ITEM_REFUSED', message: expect.stringContaining('1 damaged record(s)') },
  ])
})
