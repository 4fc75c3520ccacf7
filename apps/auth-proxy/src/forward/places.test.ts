import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Places } from './places.ts'
import type { Holder } from './places.ts'

const patienceMs = 1000
let left: string[]
beforeEach(() => {
  vi.useFakeTimers()
  left = []
})
afterEach(() => void vi.useRealTimers())

/** A holder whose transfer has so many bytes per second. */
function holder(user: string, name: string, bytesPerSecond = 0): Holder {
  const response = new ServerResponse(new IncomingMessage(new Socket()))
  const bytes = (): number => (performance.now() / 1000) * bytesPerSecond
  return { user, response, bytes, leave: () => void left.push(name) }
}

function openPlaces(...taken: readonly Holder[]): Places {
  const places = new Places({ total: taken.length, perUser: 2, waitMs: 60_000, patienceMs })
  for (const one of taken) void places.take(one)
  return places
}

it('asks the slowest of who has the most to leave, once for each who waits', () => {
  const places = openPlaces(
    holder('ada', 'fast', 100),
    holder('ada', 'slow', 10),
    holder('bob', 'slowest of all', 1),
  )
  void places.take(holder('vic', 'late'))
  vi.advanceTimersByTime(patienceMs - 1)
  expect(left).toEqual([])
  vi.advanceTimersByTime(20 * patienceMs)
  expect(left).toEqual(['slow'])
})

it('lets in who waits as soon as the other is gone', async () => {
  const places = new Places({ total: 1, perUser: 1, waitMs: 60_000, patienceMs })
  const first = await places.take(holder('ada', 'first'))
  const next = places.take(holder('bob', 'next'))
  places.give(first)
  expect((await next).holder.user).toBe('bob')
})

it.each([
  ['nobody has more than who waits would have then', ['ada', 'bob', 'cleo'], 'ada'],
  ['nobody has more than one', ['ada', 'bob'], 'vic'],
  ['who waits has all that one may have', ['ada', 'ada', 'bob', 'bob'], 'ada'],
])('asks nobody to leave where %s', (_what, users, late) => {
  const places = openPlaces(...users.map((user) => holder(user, user)))
  void places.take(holder(late, 'late'))
  vi.advanceTimersByTime(20 * patienceMs)
  expect(left).toEqual([])
})

it('asks nobody who moves no file', () => {
  const keeping = { ...holder('ada', 'call'), leave: undefined }
  const places = openPlaces(keeping, keeping)
  void places.take(holder('vic', 'late'))
  vi.advanceTimersByTime(20 * patienceMs)
  expect(left).toEqual([])
})
