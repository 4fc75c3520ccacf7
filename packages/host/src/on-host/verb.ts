import type { Machine } from '../machine/machine.ts'
import type { OnHostEvent } from './events.ts'

/** What a verb works with. */
export interface Surroundings {
  readonly machine: Machine
  readonly say: (event: OnHostEvent) => void
  /** Aborted when whoever asked is gone. */
  readonly signal: AbortSignal
}

/** What a field of a request has to be, as JSON tells values apart; with `?` it may be left out. */
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

/** What each field of a request has to be. */
type FieldsOf<Request> = {
  readonly [Name in keyof Request]-?: undefined extends Request[Name]
    ? `${JsonTypeOf<Exclude<Request[Name], undefined>>}?`
    : JsonTypeOf<Request[Name]>
}

/** Something that the program on the machine can be asked for. */
export interface Verb<Request extends object, Answer> {
  /** By these a request is told from one that cannot be answered. */
  readonly fields: FieldsOf<Request>
  run(request: Request, around: Surroundings): Promise<Answer>
}

/** Who changes the machine, for the others and for the audit. */
export interface Changer {
  readonly by: string
  /** Of the kit. */
  readonly version: string
}
