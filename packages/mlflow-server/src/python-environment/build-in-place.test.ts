import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempDisposableSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { buildInPlace, environmentKey, removeAbandoned } from './build-in-place.ts'

const temporaryFolder = () => mkdtempDisposableSync(join(tmpdir(), 'soen-env-'))
const python = { command: 'python3', version: '3.12.4', tag: 'cpython-312' }

test('appears at its place only when it is whole', async () => {
  using folder = temporaryFolder()
  const parent = folder.path
  const place = join(parent, 'mlflow')
  await buildInPlace(place, async ({ building }) => {
    mkdirSync(building)
    expect(existsSync(place)).toBe(false)
    writeFileSync(join(building, 'done'), '')
  })
  expect(existsSync(join(place, 'done'))).toBe(true)
})

test('leaves nothing behind when it fails', async () => {
  using folder = temporaryFolder()
  const parent = folder.path
  const failing = buildInPlace(join(parent, 'mlflow'), async ({ building }) => {
    mkdirSync(building)
    throw new Error('no network')
  })
  await expect(failing).rejects.toThrow('no network')
  expect(readdirSync(parent)).toEqual([])
})

test('keeps the environment that another process finished first', async () => {
  using folder = temporaryFolder()
  const place = join(folder.path, 'mlflow')
  await buildInPlace(place, async ({ building }) => {
    mkdirSync(building)
    mkdirSync(place)
    writeFileSync(join(place, 'other'), '')
  })
  expect(readdirSync(place)).toEqual(['other'])
})

test('is another environment for other requirements or another Python', () => {
  const keys = [
    environmentKey(Buffer.from('a==1'), python),
    environmentKey(Buffer.from('a==2'), python),
    environmentKey(Buffer.from('a==1'), { ...python, version: '3.12.5' }),
  ]
  expect(new Set(keys).size).toBe(3)
})

test('removes what was left by somebody killed long ago, and nobody else', async () => {
  using folder = temporaryFolder()
  const parent = folder.path
  for (const name of ['old.1.partial', 'new.2.partial', 'whole']) mkdirSync(join(parent, name))
  const twoDaysAgo = Date.now() / 1000 - 2 * 24 * 60 * 60
  for (const name of ['old.1.partial', 'whole']) utimesSync(join(parent, name), twoDaysAgo, twoDaysAgo)
  await buildInPlace(join(parent, 'mlflow'), async ({ building }) => {
    mkdirSync(building)
  })
  expect(readdirSync(parent).toSorted((a, b) => a.localeCompare(b))).toEqual([
    'mlflow',
    'new.2.partial',
    'whole',
  ])
})

test('removes at once what was left by somebody killed on this machine', async () => {
  using folder = temporaryFolder()
  const killed = spawn('sleep', ['300'])
  const left = `a.${killed.pid}-${hostname()}.partial`
  const elsewhere = `a.${killed.pid}-${hostname()}-2.partial`
  for (const name of [left, elsewhere]) mkdirSync(join(folder.path, name, 'building'), { recursive: true })
  expect(await removeAbandoned(folder.path)).toBe(false)
  expect(readdirSync(folder.path)).toHaveLength(2)

  killed.kill('SIGKILL')
  await once(killed, 'exit')
  expect(await removeAbandoned(folder.path)).toBe(true)
  expect(readdirSync(folder.path)).toEqual([elsewhere])
})

test('builds where an earlier process with the same id left something, and keeps what it builds itself', async () => {
  using folder = temporaryFolder()
  const place = join(folder.path, 'mlflow')
  mkdirSync(join(`${place}.${process.pid}-${hostname()}.partial`, 'building'), { recursive: true })
  await buildInPlace(place, async ({ building }) => {
    mkdirSync(building)
    expect(await removeAbandoned(folder.path)).toBe(false)
  })
  expect(readdirSync(folder.path)).toEqual(['mlflow'])
})
