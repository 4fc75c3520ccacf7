import { mkdirSync, writeFileSync } from 'node:fs'

// A model small enough for a page: y = a * x, fitted to y = 3 * x.
let a = 0

/** One epoch of training; what it reached. */
export function trainEpoch(): Record<string, number> {
  a += 0.1 * (3 - a)
  return { 'val_loss/total': (3 - a) ** 2 }
}

/** Write the model to a file, and tell which. */
export function saveModel(epoch: number): string {
  const path = `checkpoints/epoch=${epoch}.ckpt`
  mkdirSync('checkpoints', { recursive: true })
  writeFileSync(path, JSON.stringify({ a }))
  return path
}
