import { expect, test } from 'vitest'
import { cpuUtilization, sumCpuTimes } from './cpu.ts'

const cpu = (user: number, idle: number) => ({ times: { user, nice: 1, sys: 2, irq: 3, idle } })

test('adds up all processors', () => {
  expect(sumCpuTimes([cpu(10, 100), cpu(20, 200)])).toEqual({ busyMs: 42, idleMs: 300 })
  expect(sumCpuTimes([])).toEqual({ busyMs: 0, idleMs: 0 })
})

test('tells the share that was worked between two readings', () => {
  const before = { busyMs: 100, idleMs: 900 }
  expect(cpuUtilization(before, { busyMs: 130, idleMs: 970 })).toBe(30)
  expect(cpuUtilization(before, { busyMs: 200, idleMs: 900 })).toBe(100)
  expect(cpuUtilization(before, before)).toBeUndefined()
})
