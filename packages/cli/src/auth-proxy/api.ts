import { CliError, RelayedError, type ToldError } from '../errors.ts'

/** A call of the front door's API. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Below `/_soen/api/`, with its query. */
  readonly path: string
  readonly body?: Readonly<Record<string, unknown>>
}

/** The API of a front door: over the network, over SSH, or directly on the state of the local platform. */
export interface AuthProxyApi extends AsyncDisposable {
  /** The server's address, or the folder of the local platform. */
  readonly place: string
  /**
   * Resolves to the response's body; undefined where it has none.
   *
   * @throws RelayedError with the front door's own code and message
   */
  call<Answer>(request: ApiRequest): Promise<Answer>
}

/** The full path of an API call. */
export function apiPath({ path }: ApiRequest): string {
  return `/_soen/api/${path}`
}

/** A response, whichever way it came. */
export interface ApiAnswer {
  readonly status: number
  readonly body?: unknown
}

/** Returns the body, or throws the refusal, with a shorter hint from `hintFor` where that has one. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the API's shapes are held by its own tests
export function takeAnswer<Answer>(
  { status, body }: ApiAnswer,
  hintFor: (code: string) => string | undefined = () => undefined,
): Answer {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as above
  if (status < 400) return body as Answer
  const told = toldError(body)
  if (told !== undefined) {
    const hint = hintFor(told.code)
    throw new RelayedError(hint === undefined ? told : { ...told, hint })
  }
  throw new CliError(`The front door answered ${status}.`, {
    code: 'SOEN_NOT_A_FRONT_DOOR',
    hint: 'Check the address: it is that of the server, without a path.',
  })
}

/** The error in a front door's response, if there is one. */
export function toldError(said: unknown): ToldError | undefined {
  const { error } = Object(said)
  const { code, message, hint, docs } = Object(error)
  if (typeof code !== 'string' || typeof message !== 'string') return undefined
  return { code, message, ...(hint !== undefined && { hint }), ...(docs !== undefined && { docs }) }
}
