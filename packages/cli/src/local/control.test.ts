import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder, waitUntil, type TemporaryFolder } from '@soen/testbed'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { askPlatform, serveControl, type PlatformStatus } from './control.ts'

let folder: TemporaryFolder
let home: { readonly controlSocket: string }
beforeEach(() => {
  folder = temporaryFolder('control')
  home = { controlSocket: join(folder.path, 'control.sock') }
})
afterEach(() => folder[Symbol.dispose]())

const ready: PlatformStatus = {
  state: 'ready',
  url: 'http://127.0.0.1:5500',
  pid: 1,
  startedAt: 0,
  database: '/d',
  artifacts: '/a',
  programs: [],
}

test('tells another terminal how the platform is', async () => {
  await using _control = await serveControl({ home, status: () => ready, stop: () => {} })
  expect(await askPlatform(home)).toEqual(ready)
})

test('stops the platform for another terminal', async () => {
  let stops = 0
  await using _control = await serveControl({ home, status: () => ready, stop: () => (stops += 1) })
  await askPlatform(home)
  expect(stops).toBe(0)
  expect(await askPlatform(home, 'stop')).toEqual(ready)
  await waitUntil(() => stops === 1)
})

test('knows that nobody is there, with and without a socket left behind', async () => {
  expect(await askPlatform(home)).toBeUndefined()
  const control = await serveControl({ home, status: () => ready, stop: () => {} })
  await control[Symbol.asyncDispose]()
  expect(await askPlatform(home)).toBeUndefined()
})

test('knows that nobody is there when the platform is killed before it hears the question', async () => {
  const listener = `require('node:net').createServer().listen(${JSON.stringify(home.controlSocket)}, () => console.log())`
  const platform = spawn(process.execPath, ['--eval', listener], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(platform.stdout, 'data')
  const asking = askPlatform(home)
  platform.kill('SIGKILL')
  // Connected; blocking this process makes sure that the request is written only after the kill.
  spawnSync('sleep', ['0.3'])
  expect(await asking).toBeUndefined()
})

test('takes the place of a socket left behind', async () => {
  writeFileSync(home.controlSocket, '')
  await using _control = await serveControl({ home, status: () => ready, stop: () => {} })
  expect(await askPlatform(home)).toEqual(ready)
})
