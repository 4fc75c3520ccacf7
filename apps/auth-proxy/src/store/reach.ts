import { AuthProxyError } from '../errors/auth-proxy-error.ts'
import { Refusal } from '../errors/refusals.ts'

/** Says in one way that a database failed, whichever it is and whatever it says; what the work refuses stays. */
export async function reach<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof AuthProxyError ? error : new Refusal('SOEN_STATE_FAILED', error)
  }
}
