import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** The columns requested from `nvidia-smi`, in order. */
const COLUMNS = [
  'index',
  'memory.used',
  'memory.total',
  'utilization.gpu',
  'power.draw',
  'enforced.power.limit',
]
const MIB = 2 ** 20
const PATIENCE_MS = 5000

/** Query the driver about its GPUs; throws where there are none. */
export async function readGpus(program = 'nvidia-smi'): Promise<Record<string, number>> {
  const args = [`--query-gpu=${COLUMNS.join(',')}`, '--format=csv,noheader,nounits']
  const { stdout } = await promisify(execFile)(program, args, { timeout: PATIENCE_MS })
  return parseGpus(stdout)
}

/** Parse the table of `nvidia-smi` into metrics; values that a card does not report (`[N/A]`) are left out. */
export function parseGpus(table: string): Record<string, number> {
  const metrics: Record<string, number> = {}
  for (const line of table.split('\n').filter((each) => each.trim() !== '')) {
    const [index, usedMib = NaN, totalMib = NaN, utilization = NaN, watts = NaN, limit = NaN] = line
      .split(',')
      .map((cell) => Number.parseFloat(cell))
    const found = {
      memory_usage_percentage: (100 * usedMib) / totalMib,
      memory_usage_megabytes: (usedMib * MIB) / 1e6,
      utilization_percentage: utilization,
      power_usage_watts: watts,
      power_usage_percentage: (100 * watts) / limit,
    }
    for (const [name, value] of Object.entries(found)) {
      if (Number.isFinite(value)) metrics[`gpu_${index}_${name}`] = value
    }
  }
  return metrics
}
