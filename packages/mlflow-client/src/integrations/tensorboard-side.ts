import { flattenParams } from '../run/flatten.ts'
import type { TfHparams } from '../tensorboard/event.ts'
import { TfEventWriter } from '../tensorboard/event-writer.ts'
import type { Guard } from './guard.ts'

/** Writes the same values to a TensorBoard folder, from the first value on, as long as the disk allows it. */
export class TensorBoardSide {
  readonly #logdir: string
  readonly #guard: Guard
  #writer: TfEventWriter | undefined

  constructor(logdir: string, guard: Guard) {
    this.#logdir = logdir
    this.#guard = guard
  }

  /** Names stay unchanged: TensorBoard groups by `/`. */
  scalars(metrics: Readonly<Record<string, number>>, step: number): void {
    this.#write((writer) => writer.scalars(metrics, { step }))
  }

  /** Hyperparameters, nested ones with dots as on the server. */
  hparams(params: object): void {
    this.#write((writer) => writer.hparams(toHparams(params)))
  }

  close(): void {
    this.#writer?.close()
  }

  #write(write: (writer: TfEventWriter) => void): void {
    this.#guard(`Writing TensorBoard's events below ${this.#logdir}`, () => {
      this.#writer ??= new TfEventWriter(this.#logdir)
      write(this.#writer)
    })
  }
}

/** Numbers and booleans keep their type: TensorBoard sorts and filters by them. */
function toHparams(params: object): TfHparams {
  const entries = flattenParams(params).entries.map(([name, text]): [string, string | number | boolean] => {
    if (text === 'true' || text === 'false') return [name, text === 'true']
    return [name, String(Number(text)) === text ? Number(text) : text]
  })
  return Object.fromEntries(entries)
}
