import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder, type TemporaryFolder } from '@soen/testbed'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findLocal, findPlace, findServer } from './find-place.ts'

const lab = 'lab: { where: ssh, host: { address: lab.example.org }, domain: lab.example.org }'
const team = 'team: { where: aws, aws: { region: eu-central-1 }, domain: mlflow.example.org }'

let folder: TemporaryFolder
let settings: string
function write(...targets: readonly string[]): void {
  writeFileSync(settings, `targets: {${targets.join(', ')}}`)
}
beforeEach(() => {
  folder = temporaryFolder('place')
  settings = join(folder.path, 'soen.yaml')
  write(lab, team, 'dev: { where: local, port: 5600 }')
})
afterEach(() => folder[Symbol.dispose]())

test('means the local platform by its home, and by a target of that kind', async () => {
  expect(await findPlace({ settings, home: '/home/ada/.soen' })).toEqual({ kind: 'local' })
  expect(await findPlace({ settings, target: 'dev' })).toMatchObject({ kind: 'local', name: 'dev' })
  const place = await findPlace({ settings, target: 'lab', home: '/home/ada/.soen' })
  expect(place).toMatchObject({ kind: 'server', domain: 'lab.example.org' })
})

test('never guesses which of several servers was meant', async () => {
  await expect(findPlace({ settings })).rejects.toMatchObject({ code: 'SOEN_SETTINGS_TARGET_UNKNOWN' })
})

test('knows the address of a server that no road leads to yet', async () => {
  const place = await findPlace({ settings, target: 'team' })
  expect(place).toMatchObject({ kind: 'server', domain: 'mlflow.example.org' })
  expect(() => place.kind === 'server' && place.server()).toThrow(
    expect.objectContaining({ code: 'SOEN_TARGET_NOT_SSH' }),
  )
})

test.each([
  ['team', 'SOEN_TARGET_NOT_SSH'],
  ['dev', 'SOEN_TARGET_NOT_SSH'],
  ['lba', 'SOEN_SETTINGS_TARGET_UNKNOWN'],
])('refuses %s for a verb that needs a machine', async (target, code) => {
  await expect(findServer({ settings, target })).rejects.toMatchObject({ code })
})

test('takes the only local target of several, and the named one', async () => {
  expect(await findLocal({ settings })).toMatchObject({ name: 'dev', target: { port: 5600 } })
  write('dev: { where: local }', 'other: { where: local, port: 5700 }')
  expect(await findLocal({ settings, target: 'other' })).toMatchObject({ target: { port: 5700 } })
  await expect(findLocal({ settings })).rejects.toMatchObject({ code: 'SOEN_SETTINGS_TARGET_UNKNOWN' })
})

test('finds no local target where a file has none, and refuses another kind that was named', async () => {
  write(lab)
  expect(await findLocal({ settings })).toBeUndefined()
  await expect(findLocal({ settings, target: 'lab' })).rejects.toMatchObject({
    code: 'SOEN_TARGET_NOT_LOCAL',
    hint: expect.stringContaining('soen up --target NAME'),
  })
})
