import type { PlanEvent } from '../apply-plan.ts'
import type { Explained } from './explain.ts'

/** One line of the machine's output; the last is a result or an error. */
export type OnHostEvent =
  | PlanEvent
  | { readonly type: 'waiting'; readonly holder: string }
  | { readonly type: 'note'; readonly message: string }
  | { readonly type: 'result'; readonly value: unknown }
  | ({ readonly type: 'error' } & Explained)
