import { once } from 'node:events'
import { expect, test } from 'vitest'
import { groupMemory } from './group-memory.ts'
import { startGuarded } from './guard.ts'

test('counts the memory of a program and of what it started', async () => {
  const env = { PATH: process.env['PATH'] ?? '' }
  const program = await startGuarded({
    command: 'sh',
    args: ['-c', 'sleep 300 & sleep 300 & echo up; wait'],
    env,
  })
  await once(program.stdout, 'data')
  const memory = await groupMemory(program.pid)
  await program.stop()
  expect(memory).toMatchObject({ processes: 3 })
  expect(memory?.pssBytes).toBeGreaterThan(10_000)
})

test('says nothing of a group that does not exist', async () => {
  expect(await groupMemory(2 ** 30)).toBeUndefined()
})
