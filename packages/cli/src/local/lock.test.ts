import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { temporaryFolder } from '@soen/testbed'
import { expect, test } from 'vitest'
import { lockHome } from './lock.ts'

test('is held by one at a time', () => {
  using folder = temporaryFolder('lock')
  const path = join(folder.path, 'lock.db')
  const held = lockHome(path)
  expect(() => lockHome(path)).toThrow(expect.objectContaining({ code: 'SOEN_ALREADY_RUNNING' }))
  held[Symbol.dispose]()
  lockHome(path)[Symbol.dispose]()
})

test('is free again after its holder was killed', async () => {
  using folder = temporaryFolder('lock')
  const path = join(folder.path, 'lock.db')
  const lock = new URL('lock.ts', import.meta.url).href
  const code = `const { lockHome } = await import(${JSON.stringify(lock)})
    globalThis.held = lockHome(${JSON.stringify(path)})
    console.log('held'); setInterval(() => {}, 1000)`
  const holder = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(holder.stdout, 'data')
  expect(() => lockHome(path)).toThrow('already')
  holder.kill('SIGKILL')
  await once(holder, 'exit')
  lockHome(path)[Symbol.dispose]()
})
