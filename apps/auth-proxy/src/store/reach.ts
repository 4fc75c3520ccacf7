import { AuthProxyError } from '../errors/auth-proxy-error.ts'
import { Refusal } from '../errors/refusals.ts'

/** Turns any failure of a database into the same error, whichever database it is; refusals pass unchanged. */
export async function reach<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof AuthProxyError ? error : new Refusal('SOEN_STATE_FAILED', error)
  }
}
