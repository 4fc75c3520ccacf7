import { expect, test } from 'vitest'
import { SystemSampler } from './system-sampler.ts'

const NAMES = [
  'system/disk_usage_percentage',
  'system/disk_usage_megabytes',
  'system/disk_available_megabytes',
  'system/network_receive_megabytes',
  'system/network_transmit_megabytes',
  'system/system_memory_usage_megabytes',
  'system/system_memory_usage_percentage',
]

test('reads this machine under the names that MLflow’s page knows', async () => {
  const sampler = new SystemSampler(async () => ({ gpu_0_utilization_percentage: 12.34 }))
  const metrics = await sampler.sample()
  expect(Object.keys(metrics)).toEqual(expect.arrayContaining(NAMES))
  expect(metrics['system/gpu_0_utilization_percentage']).toBe(12.3)
  expect(metrics['system/network_receive_megabytes']).toBe(0)
  const values = Object.values(metrics)
  expect(values.every((value) => Number.isFinite(value) && value >= 0)).toBe(true)
  const shares = Object.entries(metrics).filter(([name]) => name.endsWith('_percentage'))
  expect(shares.every(([, value]) => value <= 100)).toBe(true)
})

test('asks once for the driver where there is none, and again when it only stumbled', async () => {
  const failures = [{ code: 'ETIMEDOUT' }, { code: 'ENOENT' }, { code: 'ENOENT' }]
  let asked = 0
  const sampler = new SystemSampler(async () => {
    asked += 1
    throw Object.assign(new Error('failed'), failures.shift())
  })
  for (let n = 0; n < 4; n += 1) await sampler.sample()
  expect(asked).toBe(2)
})
