import type { CpuInfo } from 'node:os'

/** The time that all processors together have spent working and idling. */
export interface CpuTimes {
  readonly busyMs: number
  readonly idleMs: number
}

/** Add up the processors. */
export function sumCpuTimes(cpus: readonly Pick<CpuInfo, 'times'>[]): CpuTimes {
  let busyMs = 0
  let idleMs = 0
  for (const { times } of cpus) {
    busyMs += times.user + times.nice + times.sys + times.irq
    idleMs += times.idle
  }
  return { busyMs, idleMs }
}

/** The share of busy time between two readings, in percent; undefined when no time has passed. */
export function cpuUtilization(before: CpuTimes, now: CpuTimes): number | undefined {
  const busy = now.busyMs - before.busyMs
  const all = busy + now.idleMs - before.idleMs
  return all > 0 ? (100 * busy) / all : undefined
}
