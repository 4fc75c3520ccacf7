import type { Tally } from '../delivery/receipt.ts'
import { ClientError } from '../errors/client-error.ts'
import { brief, textOf } from '../errors/text-of.ts'

/** The warnings of one run about its input: counted in its receipt, and each kind of mistake reported once. */
export class RunWarnings {
  readonly #tally: Tally
  readonly #onWarn: (warning: ClientError) => void
  readonly #said = new Set<string>()

  constructor(tally: Tally, onWarn: (warning: ClientError) => void) {
    this.#tally = tally
    this.#onWarn = onWarn
  }

  /** Report it each time. */
  tell(warning: ClientError): void {
    this.#tally.warn(warning)
    this.#onWarn(warning)
  }

  /** Report it the first time that this key occurs. */
  once(key: string, warning: () => ClientError): void {
    if (this.#said.has(key)) return
    this.#said.add(key)
    this.tell(warning())
  }

  /** Warn that an item was changed to a form that MLflow can store. */
  changed(key: string, message: string, hint: string): void {
    this.once(key, () => new ClientError({ code: 'SOEN_ITEM_REFUSED', message, hint }))
  }

  /** Refuse items: they count as accepted and dropped. */
  refuse(name: unknown, why: string, items = 1): void {
    this.#tally.accepted += items
    this.#tally.dropped += items
    const text = `"${brief(name)}" is not logged: ${brief(why)}.`
    this.changed(text, text, 'The training goes on; mend the call.')
  }

  /** Do something that may throw; an error becomes a refusal of the item. */
  guard(name: unknown, accept: () => void): void {
    try {
      accept()
    } catch (error) {
      this.refuse(name, textOf(error))
    }
  }
}
