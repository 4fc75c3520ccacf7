import type { Verb } from './verb.ts'
import type * as verbs from './verbs.ts'

type Verbs = typeof verbs

/** The names of the verbs. */
export type VerbName = keyof Verbs

/** The request of a verb. */
export type OnHostRequest<Name extends VerbName = VerbName> = {
  [Each in Name]: { readonly verb: Each } & (Verbs[Each] extends Verb<infer Request, unknown>
    ? Request
    : never)
}[Name]

/** The response of a verb. */
export type OnHostAnswer<Name extends VerbName = VerbName> = {
  [Each in Name]: Awaited<ReturnType<Verbs[Each]['run']>>
}[Name]
