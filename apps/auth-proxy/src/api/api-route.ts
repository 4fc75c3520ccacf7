import type * as z from 'zod'
import type { Asker } from '../actions/asker.ts'
import { Refusal } from '../errors/refusals.ts'

/** Who asks for what. */
export interface ApiCall extends Asker {
  /** Values of the path's `{names}`. */
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  /** From where. */
  readonly address: string
  /** Where the audit's files are, if there are any. */
  readonly auditFolder?: string | undefined
}

/** One thing the API does: how it is reached, who may, and what goes in and comes out. */
export interface ApiRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With `{name}` where a segment is a value. */
  readonly path: string
  readonly summary: string
  readonly access: 'user' | 'admin'
  /** What may stand in the query, with its meaning. */
  readonly query?: Readonly<Record<string, string>>
  readonly input?: z.ZodType
  /** Missing where nothing is answered (204). */
  readonly output?: z.ZodType
  readonly handle: (call: ApiCall, body: unknown) => Promise<unknown>
}

interface TypedRoute<Input> extends Omit<ApiRoute, 'handle' | 'input'> {
  readonly input: z.ZodType<Input>
  readonly handle: (call: ApiCall, input: Input) => Promise<unknown>
}

/** A route with a body, which is read once, here, and trusted inside. */
export function withBody<Input>({ input, handle, ...route }: TypedRoute<Input>): ApiRoute {
  return {
    ...route,
    input,
    async handle(call, body) {
      const parsed = input.safeParse(body)
      if (parsed.success) return await handle(call, parsed.data)
      const [issue] = parsed.error.issues
      // Where and why, never the value: it may be a password.
      const where = issue?.path.join('.') ?? ''
      throw new Refusal('SOEN_API_BODY', undefined, `${where === '' ? 'Body' : where}: ${issue?.message}.`)
    },
  }
}
