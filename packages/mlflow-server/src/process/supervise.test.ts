import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { startGuarded } from './guard.ts'
import { supervise, type SuperviseOptions, type SupervisionEvent, type Supervisor } from './supervise.ts'

const env = { PATH: process.env['PATH'] ?? '' }
const events: SupervisionEvent[] = []
let supervisor: Supervisor | undefined

afterEach(async () => {
  await supervisor?.stop()
  supervisor = undefined
  events.length = 0
})

function options(script: string, overrides: Partial<SuperviseOptions> = {}): SuperviseOptions {
  return {
    name: 'mlflow',
    start: () => startGuarded({ command: 'sh', args: ['-c', script], env }),
    waitUntilHealthy: () => Promise.resolve(),
    onEvent: (event) => events.push(event),
    firstRetryMs: 10,
    lastRetryMs: 40,
    ...overrides,
  }
}

async function waitFor(count: number): Promise<void> {
  for (let i = 0; i < 200 && events.length < count; i++) await sleep(25)
}

test('says when the program is healthy', async () => {
  supervisor = await supervise(options('sleep 300'))
  expect(events).toEqual([
    { type: 'healthy', name: 'mlflow', pid: expect.any(Number), startMs: expect.any(Number) },
  ])
})

test('restarts a program that was killed, and says so', async () => {
  supervisor = await supervise(options('sleep 300'))
  const [first] = events
  if (first?.type !== 'healthy') throw new Error('never healthy')
  process.kill(first.pid, 'SIGKILL')
  await waitFor(3)
  expect(events.map((event) => event.type)).toEqual(['healthy', 'exited', 'healthy'])
  expect(events[1]).toMatchObject({ exit: { code: null, signal: 'SIGKILL' }, retryInMs: 10 })
})

test('waits longer before each further restart, up to the limit', async () => {
  supervisor = await supervise(options('exit 1'))
  await waitFor(8)
  const pauses = events.flatMap((event) => (event.type === 'exited' ? [event.retryInMs] : []))
  expect(pauses.slice(0, 4)).toEqual([10, 20, 40, 40])
})

test('goes on trying when a restart fails', async () => {
  let starts = 0
  supervisor = await supervise(
    options('sleep 300', {
      start: () => {
        starts += 1
        if (starts === 2) return Promise.reject(new Error('no memory'))
        return startGuarded({ command: 'sh', args: ['-c', starts === 1 ? 'exit 1' : 'sleep 300'], env })
      },
    }),
  )
  await waitFor(4)
  expect(events.map((event) => event.type)).toEqual(['healthy', 'exited', 'failed', 'healthy'])
})

test('throws when the first start fails, and leaves nothing behind', async () => {
  let pid = 0
  const never = supervise(
    options('sleep 300', {
      waitUntilHealthy: (program) => {
        pid = program.pid
        return Promise.reject(new Error('never answered'))
      },
    }),
  )
  await expect(never).rejects.toThrow('never answered')
  expect(() => process.kill(pid, 0)).toThrow('ESRCH')
})

test('stops for good, also while it waits to restart', async () => {
  const waiting = await supervise(options('exit 1', { firstRetryMs: 60_000 }))
  await waitFor(2)
  await waiting.stop()
  expect(events.at(-1)?.type).toBe('exited')
})
