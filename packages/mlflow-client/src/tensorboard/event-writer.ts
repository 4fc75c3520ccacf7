import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { encodeFileVersion, encodeHparamsEvent, encodeScalars } from './encode-event.ts'
import type { TfHparams } from './event.ts'
import { frameRecord } from './tf-record.ts'

/** The step and time of an event. */
export interface EventTime {
  /** 0 by default. */
  readonly step?: number
  /** Milliseconds since 1970; now by default. */
  readonly timestampMs?: number
}

let writers = 0

/**
 * Writes an event file that TensorBoard shows.
 *
 * Each call writes one whole record at once, so that a reader sees it immediately, and a kill loses nothing written
 * before. Throws what the file system throws.
 */
export class TfEventWriter implements Disposable {
  readonly path: string
  #fd: number | undefined

  /**
   * @param logdir - the folder that TensorBoard shows as one run; created if it is missing
   */
  constructor(logdir: string) {
    mkdirSync(logdir, { recursive: true })
    const now = Date.now()
    // TensorBoard sorts files by name and expects the seconds first.
    const name = `events.out.tfevents.${Math.floor(now / 1000)}.${hostname()}.${process.pid}.${writers}`
    writers += 1
    this.path = join(logdir, name)
    this.#fd = openSync(this.path, 'ax')
    this.#append(encodeFileVersion(now))
  }

  /** Write the values of one step. They are stored in single precision. */
  scalars(
    values: Readonly<Record<string, number>>,
    { step = 0, timestampMs = Date.now() }: EventTime = {},
  ): void {
    this.#append(encodeScalars(values, { step, timestampMs }))
  }

  /** Write hyperparameters, for TensorBoard's HParams page. */
  hparams(hparams: TfHparams, { timestampMs = Date.now() }: Pick<EventTime, 'timestampMs'> = {}): void {
    this.#append(encodeHparamsEvent(hparams, timestampMs))
  }

  /** Close the file. Later writes are ignored. */
  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd)
    this.#fd = undefined
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #append(event: Buffer): void {
    if (this.#fd !== undefined) writeSync(this.#fd, frameRecord(event))
  }
}
