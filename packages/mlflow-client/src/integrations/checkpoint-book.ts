import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Scored } from './plan-retention.ts'

/** A checkpoint that is, or will soon be, among a run's artifacts. */
export interface Checkpoint extends Scored {
  /** Path below the folder of checkpoints. */
  readonly name: string
  /** Paths among the run's artifacts, the side-car last. */
  readonly artifacts: readonly string[]
  /** Changes with the file. */
  readonly fingerprint: string
  /** Changes with the side-car; missing as long as there is none. */
  readonly sidecar?: string | undefined
}

/** What is known about the checkpoints of one run. */
export interface CheckpointBook {
  readonly version: 1
  /** The server's id of the run: the book of another run does not apply. */
  readonly runId: string
  readonly checkpoints: readonly Checkpoint[]
  /** Artifacts of beaten checkpoints that are still to be removed. */
  readonly removing: readonly string[]
}

const NAME = '.soen-checkpoints.json'

/** Write the book atomically, beside the checkpoints. */
export function writeBook(dir: string, book: CheckpointBook): void {
  const path = join(dir, NAME)
  const temporary = `${path}.${process.pid}.tmp`
  writeFileSync(temporary, `${JSON.stringify(book, undefined, 2)}\n`)
  renameSync(temporary, path)
}

/** The book that an earlier process left; undefined when there is none or it is invalid. */
export function readBook(dir: string): CheckpointBook | undefined {
  try {
    const book: unknown = JSON.parse(readFileSync(join(dir, NAME), 'utf8'))
    return isBook(book) ? book : undefined
  } catch {
    return undefined
  }
}

function isBook(value: unknown): value is CheckpointBook {
  return (
    isObject(value) &&
    value['version'] === 1 &&
    typeof value['runId'] === 'string' &&
    Array.isArray(value['checkpoints']) &&
    value['checkpoints'].every(isCheckpoint) &&
    isTexts(value['removing'])
  )
}

function isCheckpoint(value: unknown): boolean {
  if (!isObject(value)) return false
  const { name, fingerprint, artifacts, score, sidecar } = value
  return (
    typeof name === 'string' &&
    typeof fingerprint === 'string' &&
    isTexts(artifacts) &&
    ['undefined', 'number'].includes(typeof score) &&
    ['undefined', 'string'].includes(typeof sidecar)
  )
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'string')
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
