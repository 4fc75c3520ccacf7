import { setFlagsFromString } from 'node:v8'

/**
 * Frees what a stream holds for a moment at the next small collection. V8 lets the room between two of them grow
 * sixteen-fold: then a transfer of many GB holds 100 MB more, hardly ever uses the same memory twice, and takes
 * twice the processor time, measured. A small request pays for it with some hundredths of its own.
 */
export function keepYoungMemorySmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
}
