import { expect, test } from 'vitest'
import { dendriteSignal, READ_TIME } from './dendrite.ts'

const typical = { decayTime: 2, gain: 2, bias: 0.5, flux: 0.8, duration: 2 }

test('relaxes to the steady state of its equation under constant flux', () => {
  const { decayTime, gain, bias, flux } = { ...typical, decayTime: 0.5, gain: 3 }
  const source = 0.1 * Math.log1p(Math.exp((flux - (0.5 - 0.4 * bias)) / 0.1))
  // 0 = gain * source * (1 - s) - s / decayTime, reached after many decay times.
  const steady = (gain * source) / (gain * source + 1 / decayTime)
  const signal = dendriteSignal({ decayTime, gain, bias, flux, duration: 2 * READ_TIME })
  expect(signal).toBeCloseTo(steady, 4)
})

test('forgets a short pulse faster when it leaks faster', () => {
  const pulse = { ...typical, duration: 0.5 }
  expect(dendriteSignal({ ...pulse, decayTime: 0.5 })).toBeLessThan(
    dendriteSignal({ ...pulse, decayTime: 5 }),
  )
})

test('holds more signal with more bias, which lowers the threshold', () => {
  expect(dendriteSignal({ ...typical, bias: 1 })).toBeGreaterThan(dendriteSignal({ ...typical, bias: 0 }))
})

test('stays below saturation', () => {
  expect(dendriteSignal({ decayTime: 5, gain: 3, bias: 1, flux: 1, duration: READ_TIME })).toBeLessThan(1)
})
