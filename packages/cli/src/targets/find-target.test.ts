import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder, type TemporaryFolder } from '@soen/testbed'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findServer, findSettings, findSshTarget } from './find-target.ts'

let folder: TemporaryFolder
let settings: string
beforeEach(() => {
  folder = temporaryFolder('target')
  settings = join(folder.path, 'soen.yaml')
  writeFileSync(
    settings,
    `targets:
  lab: { where: ssh, host: { address: lab.example.org }, domain: lab.example.org }
  team: { where: aws, aws: { region: eu-central-1 }, domain: mlflow.example.org }
  dev: { where: local }
`,
  )
})
afterEach(() => folder[Symbol.dispose]())

test('finds the nearest settings file at or above a folder', () => {
  const deep = join(folder.path, 'a', 'b')
  mkdirSync(deep, { recursive: true })
  expect(findSettings(undefined, deep)).toBe(settings)
})

test('means the local platform by its home, and by a target of that kind', async () => {
  expect(await findServer({ settings, home: '/home/ada/.soen' })).toBeUndefined()
  expect(await findServer({ settings, target: 'dev' })).toBeUndefined()
  expect(await findServer({ settings, target: 'lab', home: '/home/ada/.soen' })).toMatchObject({
    name: 'lab',
  })
})

test('never guesses which of several servers was meant', async () => {
  await expect(findServer({ settings })).rejects.toMatchObject({ code: 'SOEN_SETTINGS_TARGET_UNKNOWN' })
})

test.each([
  ['team', 'SOEN_TARGET_NOT_SSH'],
  ['dev', 'SOEN_TARGET_NOT_SSH'],
  ['lba', 'SOEN_SETTINGS_TARGET_UNKNOWN'],
])('refuses %s for a verb that needs a machine', async (target, code) => {
  await expect(findSshTarget({ settings, target })).rejects.toMatchObject({ code })
})
