import { Refusal } from './refusals.ts'

/** What is answered to whatever was thrown: an error of ours in checking is a refusal, never a way in. */
export function asRefusal(error: unknown): Refusal {
  return error instanceof Refusal ? error : new Refusal('SOEN_CHECK_FAILED', error)
}
