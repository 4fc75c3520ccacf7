import type { Asker } from '../actions/asker.ts'
import type { OwnRequest } from '../destination/own-route.ts'
import type { Html } from './html.ts'
import type { Reader } from './reader.ts'

/** A signed-in user's visit to a page, and the result of a form they just sent. */
export interface Visit extends Asker {
  readonly reader: Reader
  readonly request: OwnRequest
  /** What the form did. */
  readonly done?: string | undefined
  /** Why the form did nothing. */
  readonly failure?: Html | undefined
  /** The values of that form, which are kept. */
  readonly typed?: URLSearchParams | undefined
}

/** The failed form's values, if it was sent to this path, to fill its fields again. */
export function typedInto(
  { request, typed }: Pick<Visit, 'request' | 'typed'>,
  action: string,
): URLSearchParams {
  return (request.path === action ? typed : undefined) ?? new URLSearchParams()
}
