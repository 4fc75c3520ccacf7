import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder, type TemporaryFolder } from '@soen/testbed'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { removeMlflowCredentials, writeMlflowCredentials } from './mlflow-credentials.ts'

let folder: TemporaryFolder
let path: string
beforeEach(() => {
  folder = temporaryFolder('credentials')
  path = join(folder.path, 'credentials')
})
afterEach(() => folder[Symbol.dispose]())

const ada = { user: 'ada', token: 'soen_one' }
const lines = 'mlflow_tracking_username = ada\nmlflow_tracking_password = soen_one\n'
const text = (): string => readFileSync(path, 'utf8')

test('makes the file for this user alone, and leaves none behind', async () => {
  await writeMlflowCredentials(ada, [], path)
  expect(text()).toBe(`[mlflow]\n${lines}`)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  await removeMlflowCredentials('soen_one', path)
  expect(existsSync(path)).toBe(false)
})

test('changes its own lines only', async () => {
  const other = '# mine\n[databricks]\nhost = x\n'
  writeFileSync(
    path,
    `${other}\n[mlflow]\nMLFLOW_TRACKING_PASSWORD: soen_old\ntimeout = 3\n\n[last]\na = b\n`,
  )
  expect(await writeMlflowCredentials(ada, ['soen_old'], path)).toEqual({})
  expect(text()).toBe(`${other}\n[mlflow]\n${lines}timeout = 3\n\n[last]\na = b\n`)
  await removeMlflowCredentials('soen_one', path)
  expect(text()).toBe(`${other}\n[mlflow]\ntimeout = 3\n\n[last]\na = b\n`)
})

test("keeps somebody else's login and puts it back, with what was added meanwhile", async () => {
  const before = '[mlflow]\nmlflow_tracking_username = eve\nmlflow_tracking_password = hers\n'
  writeFileSync(path, before)
  const kept = `${path}.before-soen`
  expect(await writeMlflowCredentials(ada, [], path)).toEqual({ kept })
  expect(readFileSync(kept, 'utf8')).toBe(before)
  writeFileSync(path, `${text()}[added]\na = b\n`)
  await removeMlflowCredentials('soen_one', path)
  expect(text()).toBe(`${before}[added]\na = b\n`)
  expect(existsSync(kept)).toBe(false)
})

test('takes out no token but its own', async () => {
  await writeMlflowCredentials(ada, [], path)
  await removeMlflowCredentials('soen_other', path)
  expect(text()).toContain('soen_one')
})
