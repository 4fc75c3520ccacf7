import type { Asker } from '../actions/asker.ts'
import type { OwnRequest } from '../destination/own-route.ts'
import type { Html } from './html.ts'
import type { Reader } from './reader.ts'

/** Somebody signed in who looks at a page, and what to say about the form that they just sent. */
export interface Visit extends Asker {
  readonly reader: Reader
  readonly request: OwnRequest
  /** What a form did. */
  readonly done?: string | undefined
  /** Why a form did nothing. */
  readonly failure?: Html | undefined
  /** What was typed into that form, which stays. */
  readonly typed?: URLSearchParams | undefined
}

/** The form that was sent from a page and failed: where it was sent to, for its fields to be filled again. */
export function typedInto(
  { request, typed }: Pick<Visit, 'request' | 'typed'>,
  action: string,
): URLSearchParams {
  return (request.path === action ? typed : undefined) ?? new URLSearchParams()
}
