import type { PlanEvent } from '../apply-plan.ts'
import type { Explained } from './explain.ts'
import type { Verb } from './verb.ts'
import type * as verbs from './verbs.ts'

type Verbs = typeof verbs

/** The names of the verbs. */
export type VerbName = keyof Verbs

/** What a verb is asked with. */
export type OnHostRequest<Name extends VerbName = VerbName> = {
  [Each in Name]: { readonly verb: Each } & (Verbs[Each] extends Verb<infer Request, unknown>
    ? Request
    : never)
}[Name]

/** What a verb answers. */
export type OnHostAnswer<Name extends VerbName = VerbName> = {
  [Each in Name]: Awaited<ReturnType<Verbs[Each]['run']>>
}[Name]

/** One line that the machine answers; the last is a result or an error. */
export type OnHostEvent =
  | PlanEvent
  | { readonly type: 'waiting'; readonly holder: string }
  | { readonly type: 'note'; readonly message: string }
  | { readonly type: 'result'; readonly value: unknown }
  | ({ readonly type: 'error' } & Explained)
