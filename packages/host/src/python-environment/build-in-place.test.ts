import { existsSync, mkdirSync, mkdtempSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { buildInPlace, environmentKey } from './build-in-place.ts'

const newFolder = () => mkdtempSync(join(tmpdir(), 'soen-env-'))
const python = { command: 'python3', version: '3.12.4', tag: 'cpython-312' }

test('appears at its place only when it is whole', async () => {
  const parent = newFolder()
  const place = join(parent, 'mlflow')
  await buildInPlace(place, async (building) => {
    mkdirSync(building)
    expect(existsSync(place)).toBe(false)
    writeFileSync(join(building, 'done'), '')
  })
  expect(existsSync(join(place, 'done'))).toBe(true)
})

test('leaves nothing behind when it fails', async () => {
  const parent = newFolder()
  const failing = buildInPlace(join(parent, 'mlflow'), async (building) => {
    mkdirSync(building)
    throw new Error('no network')
  })
  await expect(failing).rejects.toThrow('no network')
  expect(readdirSync(parent)).toEqual([])
})

test('keeps the environment that another process finished first', async () => {
  const place = join(newFolder(), 'mlflow')
  await buildInPlace(place, async (building) => {
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
  const parent = newFolder()
  for (const name of ['old.1.partial', 'new.2.partial', 'whole']) mkdirSync(join(parent, name))
  const twoDaysAgo = Date.now() / 1000 - 2 * 24 * 60 * 60
  for (const name of ['old.1.partial', 'whole']) utimesSync(join(parent, name), twoDaysAgo, twoDaysAgo)
  await buildInPlace(join(parent, 'mlflow'), async (building) => {
    mkdirSync(building)
  })
  expect(readdirSync(parent).toSorted((a, b) => a.localeCompare(b))).toEqual([
    'mlflow',
    'new.2.partial',
    'whole',
  ])
})
