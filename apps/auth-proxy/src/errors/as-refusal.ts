import { Refusal } from './refusals.ts'

/** Turns anything thrown into a refusal: an error in our own checks must never let a request through. */
export function asRefusal(error: unknown): Refusal {
  return error instanceof Refusal ? error : new Refusal('SOEN_CHECK_FAILED', error)
}
