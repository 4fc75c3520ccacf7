import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { askPlatform, serveControl, type PlatformStatus } from './control.ts'

const newHome = () => ({ controlSocket: join(mkdtempSync(join(tmpdir(), 'soen-ctl-')), 'control.sock') })

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
  const home = newHome()
  await using _control = await serveControl({ home, status: () => ready, stop: () => {} })
  expect(await askPlatform(home)).toEqual(ready)
})

test('stops the platform for another terminal', async () => {
  const home = newHome()
  let stops = 0
  await using _control = await serveControl({ home, status: () => ready, stop: () => (stops += 1) })
  await askPlatform(home)
  expect(stops).toBe(0)
  await askPlatform(home, 'stop')
  expect(stops).toBe(1)
})

test('knows that nobody is there, with and without a socket left behind', async () => {
  const home = newHome()
  expect(await askPlatform(home)).toBeUndefined()
  const control = await serveControl({ home, status: () => ready, stop: () => {} })
  await control[Symbol.asyncDispose]()
  expect(await askPlatform(home)).toBeUndefined()
})

test('takes the place of a socket left behind', async () => {
  const home = newHome()
  writeFileSync(home.controlSocket, '')
  await using _control = await serveControl({ home, status: () => ready, stop: () => {} })
  expect(await askPlatform(home)).toEqual(ready)
})
