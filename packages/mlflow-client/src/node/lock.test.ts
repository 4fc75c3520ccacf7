import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isLocked, releaseLock, renewLock, takeLock } from './lock.ts'
import { thisProcess, type Owner } from './owner.ts'

test('is taken once and can be given back', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'lock-'))
  expect(isLocked(folder.path)).toBe(false)
  expect(takeLock(folder.path)).toBe(true)
  expect(isLocked(folder.path)).toBe(true)
  expect(takeLock(folder.path)).toBe(false)
  releaseLock(folder.path)
  expect(takeLock(folder.path)).toBe(true)
})

/** A lock as another process would have placed it, some time ago. */
function placeLock(folder: string, owner: Partial<Owner> | string, ageMs = 0): void {
  const path = join(folder, 'lock')
  writeFileSync(path, typeof owner === 'string' ? owner : JSON.stringify({ ...thisProcess(), ...owner }))
  const at = new Date(Date.now() - ageMs)
  utimesSync(path, at, at)
}

const HOUR_MS = 3_600_000
const OTHER_HOST = { boot: 'another boot', machine: 'another machine' }
const OTHER_CONTAINER = { space: 'pid:[1]' }

test.each([
  ['a process that is gone', { pid: 2 ** 22 + 1, started: '1' }],
  ['another process that got the number of a dead one', { started: '1' }],
  ['a process from before this machine was started anew', { boot: 'before' }],
  ['a process of another host that gave no sign for long', OTHER_HOST, HOUR_MS],
  ['a process of another container that gave no sign for long', OTHER_CONTAINER, HOUR_MS],
  ['nobody, when it was torn long ago', '{"pid":', HOUR_MS],
])('is taken over from %s', async (_, owner, ageMs?: number) => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'lock-'))
  placeLock(folder.path, owner, ageMs)
  expect(isLocked(folder.path)).toBe(false)
  expect(takeLock(folder.path)).toBe(true)
  expect(renewLock(folder.path)).toBe(true)
})

test.each([
  ['a process of another host', OTHER_HOST],
  ['a process of another host, whose number nobody has here', { ...OTHER_HOST, pid: 2 ** 22 + 1 }],
  ['a process of another container', OTHER_CONTAINER],
  ['a container of an image that names this machine, after a start', { ...OTHER_CONTAINER, boot: 'before' }],
  ['somebody who is about to write it', '{"pid":'],
  ['a process of this container that gave no sign for long', {}, HOUR_MS],
])('is left to %s', async (_, owner, ageMs?: number) => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'lock-'))
  placeLock(folder.path, owner, ageMs)
  expect(isLocked(folder.path)).toBe(true)
  expect(takeLock(folder.path)).toBe(false)
  expect(readdirSync(folder.path)).toEqual(['lock'])
})

test('a sign of life is seen by others, and says when the folder is lost', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'lock-'))
  placeLock(folder.path, {}, HOUR_MS)
  const before = statSync(join(folder.path, 'lock')).mtimeMs
  expect(renewLock(folder.path)).toBe(true)
  expect(statSync(join(folder.path, 'lock')).mtimeMs).toBeGreaterThan(before + HOUR_MS / 2)
  placeLock(folder.path, OTHER_HOST)
  expect(renewLock(folder.path)).toBe(false)
  releaseLock(folder.path)
  expect(isLocked(folder.path)).toBe(true)
  expect(renewLock(join(folder.path, 'gone'))).toBe(false)
})

test('of many processes that find a dead owner’s lock, one gets it', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'lock-'))
  placeLock(folder.path, { pid: 2 ** 22 + 1, started: '1' })
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
