import { readFile, statfs } from 'node:fs/promises'
import { cpus, freemem, totalmem } from 'node:os'
import { cpuUtilization, sumCpuTimes, type CpuTimes } from './cpu.ts'
import { readGpus } from './gpu.ts'
import { parseNetDev, type NetworkBytes } from './network.ts'

const MEGABYTE = 1e6

/** Reads system metrics, under the names that MLflow's page knows. */
export class SystemSampler {
  readonly #readGpus: () => Promise<Record<string, number>>
  #cpu: CpuTimes = sumCpuTimes(cpus())
  #network: NetworkBytes | undefined
  #hasGpus = true

  constructor(gpus: () => Promise<Record<string, number>> = readGpus) {
    this.#readGpus = gpus
  }

  /** One reading. Metrics that this machine does not have are left out. */
  async sample(): Promise<Record<string, number>> {
    const found = {
      ...this.#cpuMetrics(),
      ...memory(),
      ...(await disk()),
      ...(await this.#networkMetrics()),
      ...(await this.#gpus()),
    }
    const rounded = Object.entries(found).map(([name, value]) => [name, Math.round(value * 10) / 10] as const)
    return Object.fromEntries(rounded.map(([name, value]) => [`system/${name}`, value]))
  }

  #cpuMetrics(): Record<string, number> {
    const now = sumCpuTimes(cpus())
    const utilization = cpuUtilization(this.#cpu, now)
    this.#cpu = now
    return utilization === undefined ? {} : { cpu_utilization_percentage: utilization }
  }

  /** The traffic since the first reading, as MLflow counts it. */
  async #networkMetrics(): Promise<Record<string, number>> {
    const text = await readFile('/proc/net/dev', 'utf8').catch(() => undefined)
    if (text === undefined) return {}
    const now = parseNetDev(text)
    this.#network ??= now
    return {
      network_receive_megabytes: (now.received - this.#network.received) / MEGABYTE,
      network_transmit_megabytes: (now.sent - this.#network.sent) / MEGABYTE,
    }
  }

  /** A machine without the driver is queried once only. */
  async #gpus(): Promise<Record<string, number>> {
    if (!this.#hasGpus) return {}
    try {
      return await this.#readGpus()
    } catch (error) {
      this.#hasGpus = !(error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return {}
    }
  }
}

function memory(): Record<string, number> {
  const used = totalmem() - freemem()
  return {
    system_memory_usage_megabytes: used / MEGABYTE,
    system_memory_usage_percentage: (100 * used) / totalmem(),
  }
}

async function disk(): Promise<Record<string, number>> {
  const { bsize, blocks, bfree, bavail } = await statfs('/')
  const used = blocks - bfree
  return {
    disk_usage_percentage: (100 * used) / (used + bavail),
    disk_usage_megabytes: (used * bsize) / MEGABYTE,
    disk_available_megabytes: (bavail * bsize) / MEGABYTE,
  }
}
