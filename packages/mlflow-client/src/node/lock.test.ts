import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isLocked, releaseLock, takeLock } from './lock.ts'

test('is taken once and can be given back', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'lock-'))
  expect(isLocked(folder.path)).toBe(false)
  expect(takeLock(folder.path)).toBe(true)
  expect(isLocked(folder.path)).toBe(true)
  expect(takeLock(folder.path)).toBe(false)
  releaseLock(folder.path)
  expect(takeLock(folder.path)).toBe(true)
})

test.each([
  ['a process that is gone', { pid: 2 ** 22 + 1, started: '1' }],
  ['another process that got the number of a dead one', { pid: process.pid, started: '1' }],
])('is taken over from %s', async (_, owner) => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'lock-'))
  writeFileSync(join(folder.path, 'lock'), JSON.stringify(owner))
  expect(isLocked(folder.path)).toBe(false)
  expect(takeLock(folder.path)).toBe(true)
})

test('a torn lock file belongs to nobody', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'lock-'))
  writeFileSync(join(folder.path, 'lock'), '{"pid":')
  expect(takeLock(folder.path)).toBe(true)
})

test('of many processes that find a dead owner’s lock, one gets it', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'lock-'))
  writeFileSync(join(folder.path, 'lock'), JSON.stringify({ pid: 2 ** 22 + 1, started: '1' }))
  const program = join(import.meta.dirname, '../testing/locking-child.ts')
  const children = Array.from({ length: 4 }, () =>
    spawn(process.execPath, [program, folder.path], { stdio: ['pipe', 'pipe', 'inherit'] }),
  )
  await Promise.all(children.map(({ stdout }) => once(stdout, 'data')))
  const answers = children.map(({ stdout }) => once(stdout, 'data'))
  for (const { stdin } of children) stdin.write('now')
  const said = (await Promise.all(answers)).map(([chunk]) => String(chunk).trim())
  expect(said.toSorted()).toEqual(['refused', 'refused', 'refused', 'taken'])
  expect(isLocked(folder.path)).toBe(true)
  expect(readdirSync(folder.path)).toEqual(['lock'])
  const ended = children.map((child) => once(child, 'exit'))
  for (const { stdin } of children) stdin.end()
  await Promise.all(ended)
  expect(isLocked(folder.path)).toBe(false)
})
