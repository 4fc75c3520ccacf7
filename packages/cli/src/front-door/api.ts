import { CliError } from '../errors.ts'

/** One call of the front door's API. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Below `/_soen/api/`, with its query. */
  readonly path: string
  readonly body?: Readonly<Record<string, unknown>>
}

/** A front door that can be asked: over the network, over SSH, or on the state of the local platform. */
export interface FrontDoorApi extends AsyncDisposable {
  /** Its address, or the folder of its platform. */
  readonly place: string
  /**
   * What it answers; undefined where there is nothing to say.
   *
   * @throws CliError with the front door's own code and words
   */
  call<Answer>(request: ApiRequest): Promise<Answer>
}

/** Where an API call goes. */
export function apiPath({ path }: ApiRequest): string {
  return `/_soen/api/${path}`
}

/** An answer as both ways bring it. */
export interface ApiAnswer {
  readonly status: number
  readonly body?: unknown
}

/** Takes what was answered, or turns the refusal into an error with its code. Its text names the next step; `hintFor` a shorter one. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the API's shapes are held by its own tests
export function takeAnswer<Answer>(
  { status, body }: ApiAnswer,
  hintFor: (code: string) => string | undefined = () => undefined,
): Answer {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as above
  if (status < 400) return body as Answer
  const { text, code } = readRefusal(body)
  if (text !== undefined && code !== undefined) {
    const hint = hintFor(code)
    throw new CliError(text, hint === undefined ? { code } : { code, hint })
  }
  throw new CliError(`The front door answered ${status}.`, {
    code: 'SOEN_NOT_A_FRONT_DOOR',
    hint: 'Check the address: it is that of the server, without a path.',
  })
}

/** What a refusal says, with its code apart: `Message. Hint. (SOEN_CODE)`. */
function readRefusal(body: unknown): { readonly text?: string; readonly code?: string } {
  if (typeof body !== 'object' || body === null || !('message' in body)) return {}
  const { message } = body
  return /^(?<text>.*) \((?<code>SOEN_\w+)\)$/s.exec(String(message))?.groups ?? {}
}
