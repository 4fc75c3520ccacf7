import { CliError, isRelayed } from '../errors.ts'
import { trace } from '../output/trace.ts'
import { apiPath, takeAnswer, type ApiAnswer, type ApiRequest, type AuthProxyApi } from './api.ts'

/** The credential of a call. */
export type Credential =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'password'; readonly user: string; readonly password: string }

/** The caller, and how to ask for the password that some changes need besides the token. */
export interface RemoteOptions {
  readonly user: string
  readonly token: string
  readonly askPassword: () => Promise<string>
}

const timeoutMs = 30_000

/** The API of a server, called with this machine's token; what a token may not do is retried with the password. */
export function remoteAuthProxy(server: string, { user, token, askPassword }: RemoteOptions): AuthProxyApi {
  return {
    place: server,
    async call<Answer>(request: ApiRequest): Promise<Answer> {
      try {
        return await callServer<Answer>(server, request, { kind: 'token', token })
      } catch (error) {
        // A stolen token must not be able to create others, so changes of accounts and new tokens need the password
        // again.
        if (!isRelayed(error, 'SOEN_TOKEN_NOT_ENOUGH')) throw error
        return callServer<Answer>(server, request, { kind: 'password', user, password: await askPassword() })
      }
    },
    async [Symbol.asyncDispose]() {},
  }
}

/** One call of a server's API. */
export async function callServer<Answer>(
  server: string,
  request: ApiRequest,
  credential: Credential,
): Promise<Answer> {
  const isStale = (code: string): boolean =>
    credential.kind === 'token' && /^SOEN_(?:TOKEN|LOGIN)_(?!NOT_)/.test(code)
  return takeAnswer(await ask(server, request, credential), (code) =>
    isStale(code) ? `Sign this machine in again: soen login ${server}` : undefined,
  )
}

/** Checks that a front door answers at this address, before a password is sent there. */
export async function checkServer(server: string): Promise<void> {
  const { status, body } = await ask(server, { method: 'GET', path: 'openapi.json' })
  const isOurs = status === 200 && JSON.stringify(body).includes('"title":"SOEN front door"')
  if (!isOurs) throw notOurs(server, `It answered ${status}.`)
}

async function ask(server: string, request: ApiRequest, credential?: Credential): Promise<ApiAnswer> {
  const headers = new Headers({ accept: 'application/json' })
  if (credential !== undefined) headers.set('authorization', authorization(credential))
  if (request.body !== undefined) headers.set('content-type', 'application/json')
  trace(`${request.method} ${server}${apiPath(request)}`)
  const response = await fetch(`${server}${apiPath(request)}`, {
    method: request.method,
    headers,
    // Following a redirect could send the password elsewhere.
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
  }).catch((error: unknown) => {
    throw asNetworkError(server, error)
  })
  const location = response.headers.get('location')
  if (location !== null) throw notOurs(server, `It leads elsewhere: ${location}`)
  return { status: response.status, body: await readBody(server, response) }
}

async function readBody(server: string, response: Response): Promise<unknown> {
  const text = await response.text().catch((error: unknown) => {
    throw asNetworkError(server, error)
  })
  if (response.status === 204) return undefined
  try {
    return JSON.parse(text)
  } catch {
    throw notOurs(server, `It answered ${response.status} with something else than JSON.`)
  }
}

function authorization(credential: Credential): string {
  if (credential.kind === 'token') return `Bearer ${credential.token}`
  return `Basic ${Buffer.from(`${credential.user}:${credential.password}`).toString('base64')}`
}

function notOurs(server: string, what: string): CliError {
  return new CliError(`${server} is not a SOEN server. ${what}`, {
    code: 'SOEN_NOT_A_FRONT_DOOR',
    hint: 'Use the address that a browser shows on its sign-in page, without a path. Other MLflow servers need no login here.',
  })
}

/** Codes of a failed TLS handshake or an untrusted certificate. */
const tlsFailure = /^(?:CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|EPROTO$)/

function asNetworkError(server: string, error: unknown): CliError {
  const { code, message } = rootCause(error)
  if (tlsFailure.test(code)) {
    return new CliError(`${server} has no certificate that this machine trusts: ${message}`, {
      code: 'SOEN_TLS_FAILED',
      hint: 'Nothing was sent. Check the address and the clock; for a certificate of your own: NODE_EXTRA_CA_CERTS=ca.pem',
      cause: error,
    })
  }
  return new CliError(`${server} does not answer: ${message}`, {
    code: 'SOEN_SERVER_UNREACHABLE',
    hint: 'Check the address and the network, then run it again.',
    cause: error,
  })
}

/** The root cause: `fetch failed` hides it one level down, and several addresses hide it another level. */
function rootCause(error: unknown): { readonly code: string; readonly message: string } {
  if (!(error instanceof Error)) return { code: '', message: String(error) }
  if (error instanceof AggregateError && error.errors.length > 0) return rootCause(error.errors[0])
  if (error.cause instanceof Error) return rootCause(error.cause)
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return { code, message: error.message || code || error.name }
}
