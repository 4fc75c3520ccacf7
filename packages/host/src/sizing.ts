import type { Facts } from './machine/facts.ts'

const mebibyte = 1024 ** 2
const gibibyte = 1024 ** 3

/** With less memory the programs do not fit, even with swap; a machine sold with 1 GB shows about 960 MB. */
export const minimumMemoryBytes: number = 900 * mebibyte

/** The resources that each part of a server may use. */
export interface Sizing {
  /** MLflow's server processes: one takes about 260 MB, two take 375 MB. */
  readonly mlflowWorkers: number
  /** Above this systemd kills and restarts MLflow, before the kernel kills something else. */
  readonly mlflowMemoryMaxBytes: number
  readonly authProxyMemoryMaxBytes: number
  /** 0 for none. */
  readonly swapBytes: number
  readonly postgresSharedBuffers: string
}

/**
 * Sizes a server's programs for its memory and processors: a worker keeps one processor busy, and more workers only
 * take memory. A machine sold with 2 GB has a little less than 2 GiB.
 */
export function sizingFor({ memoryBytes, processors }: Pick<Facts, 'memoryBytes' | 'processors'>): Sizing {
  const isSmall = memoryBytes < 2 * gibibyte
  return {
    mlflowWorkers: isSmall ? 1 : memoryBytes < 8 * gibibyte || processors < 4 ? 2 : 4,
    mlflowMemoryMaxBytes: Math.max(700 * mebibyte, Math.floor(memoryBytes / 2)),
    authProxyMemoryMaxBytes: Math.max(300 * mebibyte, Math.floor(memoryBytes / 8)),
    swapBytes: memoryBytes < 4 * gibibyte ? 2 * gibibyte : 0,
    postgresSharedBuffers: isSmall ? '64MB' : memoryBytes < 8 * gibibyte ? '256MB' : '1GB',
  }
}
