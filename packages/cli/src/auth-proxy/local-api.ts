import { CliError, RelayedError } from '../errors.ts'
import { apiPath, takeAnswer, toldError, type ApiAnswer, type AuthProxyApi } from './api.ts'
import { runAuthProxy } from './auth-proxy-program.ts'

/** The state of a local front door: the platform's folder, and the file in it. */
export interface AuthProxyState {
  readonly path: string
  readonly accounts: string
}

/**
 * The API directly on the state of a local platform, through the front door's own program; the platform need not be
 * running.
 */
export function localAuthProxy({ path: place, accounts }: AuthProxyState): AuthProxyApi {
  return {
    place,
    async call(request) {
      const args = ['api', request.method, apiPath(request), '--state', accounts]
      const body = request.body === undefined ? '' : JSON.stringify(request.body)
      const { stdout, stderr } = await runAuthProxy(args, body)
      return takeAnswer(readAnswer(stdout, stderr))
    },
    async [Symbol.asyncDispose]() {},
  }
}

/** Parses what the front door's program printed for `api`. */
export function readAnswer(stdout: string, stderr: string): ApiAnswer {
  if (stdout === '') {
    throw new CliError(`The front door's program failed: ${stderr}`, {
      code: 'SOEN_FRONT_DOOR_FAILED',
      hint: 'Run it again with --verbose and report what it prints.',
    })
  }
  const said: ApiAnswer = JSON.parse(stdout)
  // The call could not be made.
  const told = toldError(said)
  if (told !== undefined) throw new RelayedError(told)
  return said
}
