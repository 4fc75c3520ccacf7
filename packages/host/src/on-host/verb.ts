import type { Machine } from '../machine/machine.ts'
import type { OnHostEvent } from './events.ts'

/** What a verb works with. */
export interface Surroundings {
  readonly machine: Machine
  readonly say: (event: OnHostEvent) => void
  /** Aborted when the caller is gone. */
  readonly signal: AbortSignal
}

/** The JSON type of a request's field; with `?` it may be left out. */
export type FieldType = JsonType | `${JsonType}?`

type JsonType = 'string' | 'number' | 'boolean' | 'list' | 'object'

type JsonTypeOf<Value> = Value extends string
  ? 'string'
  : Value extends number
    ? 'number'
    : Value extends boolean
      ? 'boolean'
      : Value extends readonly unknown[]
        ? 'list'
        : 'object'

/** The type of each field of a request. */
type FieldsOf<Request> = {
  readonly [Name in keyof Request]-?: undefined extends Request[Name]
    ? `${JsonTypeOf<Exclude<Request[Name], undefined>>}?`
    : JsonTypeOf<Request[Name]>
}

/** An operation that the program on the machine offers. */
export interface Verb<Request extends object, Answer> {
  /** The types that a request's fields are checked against. */
  readonly fields: FieldsOf<Request>
  run(request: Request, around: Surroundings): Promise<Answer>
}

/** Who changes the machine, for the lock and the audit. */
export interface Changer {
  readonly by: string
  /** Of the kit. */
  readonly version: string
}
