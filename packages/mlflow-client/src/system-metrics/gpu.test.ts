import { chmodSync, writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseGpus, readGpus } from './gpu.ts'

test('reads each card under MLflow’s names and units', () => {
  expect(parseGpus('0, 1000, 16000, 35, 150.00, 300.00\n1, 0, 16000, 0, 20.5, 300.00\n')).toEqual({
    gpu_0_memory_usage_percentage: 6.25,
    gpu_0_memory_usage_megabytes: 1048.576,
    gpu_0_utilization_percentage: 35,
    gpu_0_power_usage_watts: 150,
    gpu_0_power_usage_percentage: 50,
    gpu_1_memory_usage_percentage: 0,
    gpu_1_memory_usage_megabytes: 0,
    gpu_1_utilization_percentage: 0,
    gpu_1_power_usage_watts: 20.5,
    gpu_1_power_usage_percentage: (100 * 20.5) / 300,
  })
})

test('leaves out what a card does not tell', () => {
  expect(parseGpus('0, 512, 1024, 7, [N/A], [N/A]')).toEqual({
    gpu_0_memory_usage_percentage: 50,
    gpu_0_memory_usage_megabytes: 536.870912,
    gpu_0_utilization_percentage: 7,
  })
})

test('asks the driver’s own program, in the order in which it reads the answer', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'gpu-'))
  const program = join(folder.path, 'nvidia-smi')
  writeFileSync(program, '#!/bin/sh\ncase "$1" in *index,memory.used*) echo "3, 1, 2, 50, 1, 4";; esac\n')
  chmodSync(program, 0o755)
  expect(await readGpus(program)).toMatchObject({
    gpu_3_memory_usage_percentage: 50,
    gpu_3_power_usage_percentage: 25,
  })
  await expect(readGpus(join(folder.path, 'none'))).rejects.toMatchObject({ code: 'ENOENT' })
})
