import type { Facts } from './machine/facts.ts'

const mebibyte = 1024 ** 2
const gibibyte = 1024 ** 3

/** Below this the programs do not fit, even with swap; a machine sold with 1 GB shows about 960 MB. */
export const minimumMemoryBytes: number = 900 * mebibyte

/** What each part of a server may take. */
export interface Sizing {
  /** MLflow's server processes: one takes about 260 MB, two take 375 MB. */
  readonly mlflowWorkers: number
  /** systemd ends MLflow above this, and starts it again, before the machine ends something else. */
  readonly mlflowMemoryMaxBytes: number
  readonly authProxyMemoryMaxBytes: number
  /** 0 for none. */
  readonly swapBytes: number
  readonly postgresSharedBuffers: string
}

/**
 * Sizes the programs of a server for its memory, and for its processors: a worker keeps one busy, and more of them
 * only take memory. A machine sold with 2 GB has a little less than 2 GiB.
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
