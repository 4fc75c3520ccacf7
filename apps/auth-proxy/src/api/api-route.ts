import type * as z from 'zod'
import type { Asker } from '../actions/asker.ts'
import { Refusal } from '../errors/refusals.ts'

/** One call of the API: its caller, parameters and body. */
export interface ApiCall extends Asker {
  /** Values of the path's `{names}`. */
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  /** The client's address. */
  readonly address: string
  /** The folder of the audit's files, if there is one. */
  readonly auditFolder?: string | undefined
  /** The folder with the signed heads of its chains. */
  readonly auditSignatures?: string | undefined
}

/** One operation of the API: method and path, who may call it, and the schemas of its input and output. */
export interface ApiRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With `{name}` for each segment that is a parameter. */
  readonly path: string
  readonly summary: string
  readonly access: 'user' | 'admin'
  /** The query parameters, each with its description. */
  readonly query?: Readonly<Record<string, string>>
  readonly input?: z.ZodType
  /** Left out where the response has no body (204). */
  readonly output?: z.ZodType
  readonly handle: (call: ApiCall, body: unknown) => Promise<unknown>
}

interface TypedRoute<Input> extends Omit<ApiRoute, 'handle' | 'input'> {
  readonly input: z.ZodType<Input>
  readonly handle: (call: ApiCall, input: Input) => Promise<unknown>
}

/** A route with a body, which is parsed once, here, and trusted from then on. */
export function withBody<Input>({ input, handle, ...route }: TypedRoute<Input>): ApiRoute {
  return {
    ...route,
    input,
    async handle(call, body) {
      const parsed = input.safeParse(body)
      if (parsed.success) return await handle(call, parsed.data)
      const [issue] = parsed.error.issues
      // Names the field and the problem, never the value: it may be a password.
      const where = issue?.path.join('.') ?? ''
      throw new Refusal('SOEN_API_BODY', undefined, `${where === '' ? 'Body' : where}: ${issue?.message}.`)
    },
  }
}
