import type { PlanEvent } from '../apply-plan.ts'
import type { AllowedAddress } from '../machine/facts.ts'
import type { Payload } from '../payload.ts'
import type { ServerTarget } from '../server-target.ts'
import type { AuditEntry } from './audit.ts'
import type { ServerStatus } from './status.ts'
import type { CertificateReport } from './certificate.ts'

/** Makes the machine as planned, or only says how it differs. */
export interface ApplyRequest {
  readonly verb: 'apply'
  readonly target: ServerTarget
  readonly payload: Payload
  /** Who deploys, for the others and for the audit. */
  readonly by: string
  /** Of the kit. */
  readonly version: string
  readonly isDryRun: boolean
  /** How long to wait for another deploy. */
  readonly waitS: number
}

/** Shows the whole plan as shell and unit files. */
export interface EjectRequest {
  readonly verb: 'eject'
  readonly target: ServerTarget
  readonly payload: Payload
}

/** Takes the programs off the machine; data stays. */
export interface DestroyRequest {
  readonly verb: 'destroy'
  readonly by: string
  readonly version: string
  readonly isDryRun: boolean
}

/** Changes who may come in where a door is restricted. */
export interface AllowRequest {
  readonly verb: 'allow'
  readonly target?: ServerTarget | undefined
  readonly add?: readonly AllowedAddress[]
  /** A label or a network. */
  readonly remove?: string
  readonly by: string
  readonly version: string
}

/** Everything that the terminal asks of the machine. */
export type OnHostRequest =
  | ApplyRequest
  | EjectRequest
  | DestroyRequest
  | AllowRequest
  | { readonly verb: 'status' }
  | { readonly verb: 'restart'; readonly by: string; readonly version: string }
  | { readonly verb: 'certificate'; readonly isRenewed: boolean }
  | { readonly verb: 'api'; readonly method: string; readonly path: string; readonly body: string }
  | { readonly verb: 'support' }

/** One line that the machine answers. */
export type OnHostEvent =
  | PlanEvent
  | { readonly type: 'waiting'; readonly holder: string }
  | { readonly type: 'note'; readonly message: string }
  | { readonly type: 'result'; readonly value: unknown }
  | {
      readonly type: 'error'
      readonly code: string
      readonly message: string
      readonly hint: string
      readonly causes: readonly string[]
    }

/** What `apply` ends with. */
export interface ApplyResult {
  readonly changed: number
  readonly unchanged: number
  readonly last?: AuditEntry | undefined
}

export type { AuditEntry, CertificateReport, ServerStatus }
