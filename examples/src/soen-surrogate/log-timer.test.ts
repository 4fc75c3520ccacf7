import { expect, test } from 'vitest'
import { LogTimer } from './log-timer.ts'

test('counts calls and orders their quantiles', () => {
  const timer = new LogTimer()
  let made = 0
  for (let call = 0; call < 50; call += 1) timer.time(() => (made += 1))
  const cost = timer.cost(1000)
  expect([made, cost.calls]).toEqual([50, 50])
  expect(cost.p50Us).toBeGreaterThan(0)
  expect(cost.p99Us).toBeGreaterThanOrEqual(cost.p50Us)
  expect(cost.shareOfLoop).toBeGreaterThan(0)
})

test('costs nothing when nothing was called', () => {
  expect(new LogTimer().cost(0)).toEqual({ calls: 0, p50Us: 0, p99Us: 0, shareOfLoop: 0 })
})
