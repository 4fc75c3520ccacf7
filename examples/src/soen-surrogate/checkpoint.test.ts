import { linkSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readCheckpoint, sidecarPath, writeCheckpoint } from './checkpoint.ts'
import { startFit } from './fit.ts'

const sizes = [5, 4, 1]
const started = startFit({ sizes, epochs: 1, batchSize: 1, learningRate: 1, seed: 9 })
const state = { ...started, epoch: 3, adam: { ...started.adam, step: 77 } }
state.adam.mean[2] = -0
state.adam.square[1] = 1e-300

test('reads back what it wrote, bit by bit', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'ckpt-'))
  const path = join(folder.path, 'model.ckpt')
  const sidecar = writeCheckpoint(path, state, { sizes, metrics: { 'val_loss/total': 0.5 } })
  expect(readCheckpoint(path)).toEqual({ sizes, state })
  expect(JSON.parse(readFileSync(sidecarPath(path), 'utf8'))).toEqual(sidecar)
  expect(sidecar).toMatchObject({ sizes, epoch: 3, optimiserStep: 77, metrics: { 'val_loss/total': 0.5 } })
})

test('refuses a file that is not the one its side-car describes', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'ckpt-'))
  const path = join(folder.path, 'model.ckpt')
  writeCheckpoint(path, state, { sizes, metrics: {} })
  const bytes = readFileSync(path)
  bytes[100] = (bytes[100] ?? 0) ^ 1
  writeFileSync(path, bytes)
  expect(() => readCheckpoint(path)).toThrow('damaged')
})

test('leaves the content to whoever holds the file it replaces', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'ckpt-'))
  const path = join(folder.path, 'model.ckpt')
  const held = join(folder.path, 'held')
  writeCheckpoint(path, state, { sizes, metrics: {} })
  linkSync(path, held)
  const before = readFileSync(held)
  writeCheckpoint(path, startFit({ sizes, epochs: 1, batchSize: 1, learningRate: 1, seed: 10 }), {
    sizes,
    metrics: {},
  })
  expect(readFileSync(held)).toEqual(before)
  expect(readFileSync(path)).not.toEqual(before)
})
