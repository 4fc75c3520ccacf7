import { mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ClientError } from '../errors/client-error.ts'
import { TfEventWriter } from './event-writer.ts'
import { followTensorBoard } from './follow.ts'
import type { PointSink } from './point-sink.ts'

let folder: Awaited<ReturnType<typeof mkdtempDisposable>>
let points: unknown[]
let params: unknown[]
const sink: PointSink = {
  log: (metrics, at) => points.push([metrics, at]),
  params: (given) => params.push(given),
}

beforeEach(async () => {
  points = []
  params = []
  folder = await mkdtempDisposable(join(tmpdir(), 'follow-'))
})
afterEach(() => folder[Symbol.asyncDispose]())

test('logs curves and hyperparameters as they are written, with their own steps and times', async () => {
  await using follower = followTensorBoard(folder.path, sink, { pollMs: 5 })
  using writer = new TfEventWriter(folder.path)
  writer.hparams({ lr: 0.1 })
  writer.scalars({ 'val/loss': 0.3, acc: 1 }, { step: 7, timestampMs: 1234 })
  const at = { step: 7, timestampMs: 1234 }
  await vi.waitFor(
    () =>
      expect(points).toEqual([
        [{ 'val/loss': 0.3 }, at],
        [{ acc: 1 }, at],
      ]),
    30_000,
  )
  expect(params).toEqual([{ lr: 0.1 }])

  using other = new TfEventWriter(join(folder.path, 'fold 1', 'x'))
  other.scalars({ acc: 0.5 }, at)
  await vi.waitFor(() => expect(points.at(-1)).toEqual([{ 'fold 1/x/acc': 0.5 }, at]), 30_000)
  expect(points).toHaveLength(3)
  await follower.stop()
})

test('reads what is there to its end before it stops', async () => {
  const follower = followTensorBoard(folder.path, sink, { pollMs: 3_600_000 })
  using writer = new TfEventWriter(folder.path)
  for (let step = 0; step < 500; step += 1) writer.scalars({ a: 1 }, { step })
  await follower.stop()
  await follower.stop()
  expect(points).toHaveLength(500)
})

test('warns of a damaged file and follows the others', async () => {
  const warnings: ClientError[] = []
  await mkdir(join(folder.path, 'sub'))
  await writeFile(join(folder.path, 'sub', 'events.out.tfevents.1.h'), 'not at all an event file')
  const follower = followTensorBoard(folder.path, sink, {
    pollMs: 1,
    patienceMs: 0,
    onWarn: (warning) => warnings.push(warning),
  })
  using writer = new TfEventWriter(folder.path)
  writer.scalars({ a: 1 })
  await vi.waitFor(() => expect(points).toHaveLength(1), 30_000)
  await follower.stop()
  expect(warnings.map(({ code, message }) => [code, message])).toEqual([
    ['SOEN_ITEM_REFUSED', expect.stringMatching(/sub.*is not read further: its checksum at byte 0 is wrong/)],
  ])
})
