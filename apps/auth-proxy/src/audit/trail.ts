import type { ServerResponse } from 'node:http'
import { isIP } from 'node:net'
import type { Id } from '../canonical/ids.ts'
import { isSafeMethod } from '../http/limits.ts'
import type { Decision } from '../decide/check.ts'
import { networkOf } from '../identity/network.ts'
import type { Principal } from '../identity/principal.ts'
import type { Refusal } from '../errors/refusals.ts'
import type { Route } from '../routes/route.ts'
import type { AuditLog } from './audit-log.ts'
import type { AuditEvent, Subject, Via } from './record.ts'
import type { Sightings } from './sightings.ts'
import { isTelling, subjectsOfAnswer } from './subjects-of-answer.ts'
import { mainSubject, subjectsOf } from './subjects.ts'
import { hotRoutes, isChange, isGrave } from './what-counts.ts'

const maxSubjects = 500

/** What a page or the API of ours did, for the record. */
export interface SiteOutcome {
  readonly status: number
  /** Why it was not done. */
  readonly code?: string | undefined
  /** Who signed in. */
  readonly actor?: string | undefined
  readonly touched?: readonly Subject[] | undefined
}

/** What the records of a front door are made with. */
export interface TrailOptions {
  readonly log: AuditLog
  readonly sightings: Sightings
}

/** What is known of one request; kept as a record when it is over, if it is to be. */
export class Trail {
  readonly #options: TrailOptions
  readonly #requestId: string
  readonly #method: string
  #action: string
  #from: string | undefined
  #principal: Principal | undefined
  #claimed: string | undefined
  #route: Route | undefined
  #ids: readonly Id[] = []
  #answered: readonly Subject[] = []
  #decision: Decision | undefined
  #refusal: Refusal | undefined
  #outcome: SiteOutcome | undefined
  #isSite = false
  #isSentOn = false

  constructor(options: TrailOptions, { id, method }: { id: string; method: string }) {
    this.#options = options
    this.#requestId = id
    this.#method = method
    // Never the path: of what is not ours or MLflow's it may hold anything.
    this.#action = `${method} (no such route)`
  }

  /** From where it comes. */
  from(address: string): void {
    this.#from = address
  }

  /** It is for a page or the API of ours. */
  forSite(action: string): void {
    this.#action = action
    this.#isSite = true
  }

  /** It is for this route of MLflow. */
  forRoute(route: Route): void {
    this.#action = route.name
    this.#route = route
  }

  by(principal: Principal): void {
    this.#principal = principal
  }

  /** Whose name somebody used who was not let in; only that of an account. */
  claimed(name: string | undefined): void {
    this.#claimed = name
  }

  decided(decision: Decision): void {
    this.#decision = decision
  }

  refused(refusal: Refusal): void {
    this.#refusal = refusal
  }

  answered(outcome: SiteOutcome): void {
    this.#outcome = outcome
  }

  /** What it is about. */
  touches(ids: readonly Id[]): void {
    this.#ids = ids
  }

  /** Reads MLflow's answer where that says more than the request; nothing needs to be read elsewhere. */
  get reader(): ((answer: Buffer) => void) | undefined {
    const name = this.#route?.name
    if (name === undefined || !isTelling(name)) return undefined
    return (answer) => {
      this.#answered = subjectsOfAnswer(name, answer)
    }
  }

  /** It is about to be sent to MLflow. What cannot be undone is kept before it is done: that is waited for. */
  sendsOn(): Promise<void> | undefined {
    if (this.#route !== undefined && isGrave(this.#route)) {
      return this.#keepFirst().then(() => void (this.#isSentOn = true))
    }
    this.#isSentOn = true
    return undefined
  }

  /** A change of accounts is about to be done: it is kept before. */
  changesSite(): Promise<void> | undefined {
    if (!this.#isSite || isSafeMethod(this.#method) || this.#action === 'POST /_soen/sign-out')
      return undefined
    return this.#keepFirst()
  }

  async #keepFirst(): Promise<void> {
    await this.#options.log.keep({ ...this.#event(true), asked: true })
  }

  /** It is over: what is to be kept of it is kept. */
  over({ headersSent, statusCode }: ServerResponse): void {
    const { log } = this.#options
    const status = headersSent ? statusCode : undefined
    if (this.#refusal?.code === 'SOEN_SIGNED_OUT' && this.#claimed !== undefined) {
      return log.note({ ...this.#event(true, status), action: 'sign out', via: 'session' })
    }
    const isSiteFailure = this.#isSite && !isSafeMethod(this.#method) && (this.#outcome?.status ?? 0) >= 400
    if (isSiteFailure || (this.#refusal !== undefined && !this.#isSentOn)) return this.#noteRefusal(status)
    this.#noteSighting()
    if (this.#isSite) {
      if (!isSafeMethod(this.#method)) log.note(this.#event(true, status))
      return
    }
    // Who left before it was sent on has changed nothing.
    if (this.#route === undefined || !this.#isSentOn || !isChange(this.#route)) return
    const event = this.#event(true, status)
    if (!hotRoutes.has(this.#route.name)) return log.note(event)
    log.writes.add(keyOf(event), event, log.now)
  }

  #noteRefusal(status: number | undefined): void {
    noteRefusal(this.#options.log, this.#event(false, status))
  }

  /** Programs do not sign in: that they came is kept once in a while. */
  #noteSighting(): void {
    const by = this.#principal
    const actor = this.#actor
    const via = viaOf(by)
    if (actor === undefined || via === 'session') return
    const { log, sightings } = this.#options
    const key = `${actor} ${via} ${idOf(by) ?? ''} ${this.#from ?? ''}`
    if (sightings.isNew(key)) log.note({ ...withoutRequest(this.#event(true)), action: 'sign in' })
  }

  get #actor(): string | undefined {
    return this.#principal?.name ?? this.#outcome?.actor ?? this.#claimed
  }

  #event(allowed: boolean, status?: number): AuditEvent {
    const { credential } = this.#principal ?? {}
    const address = addressOf(this.#from)
    const code = this.#refusal?.code ?? this.#outcome?.code
    const isDecided = this.#decision !== undefined && this.#decision.allowed === allowed
    return {
      action: this.#action,
      allowed,
      code,
      address,
      requestId: this.#requestId,
      actor: this.#actor,
      via: viaOf(this.#principal),
      credential: idOf(this.#principal),
      token: credential?.kind === 'token' ? credential.name : undefined,
      rule: isDecided ? this.#decision?.rule : undefined,
      reason: isDecided ? this.#decision?.reason : this.#refusal?.general,
      ...someOf(this.#outcome?.touched ?? [...subjectsOf(this.#ids), ...this.#answered]),
      status,
    }
  }
}

/** Behind a TLS proxy the address is what that one says. */
function addressOf(from: string | undefined): string | undefined {
  return isIP(from ?? '') === 0 ? undefined : from
}

function idOf(principal: Principal | undefined): string | undefined {
  const { credential } = principal ?? {}
  return credential !== undefined && 'id' in credential ? credential.id : undefined
}

function viaOf(principal: Principal | undefined): Via | undefined {
  if (principal === undefined) return undefined
  if (principal.isLegacy) return 'shared password'
  return principal.credential.kind === 'operator' ? 'command' : principal.credential.kind
}

/** Keeps that bytes came that are no request. */
export function noteMalformed(
  { log }: TrailOptions,
  { code, general, status }: Refusal,
  from?: string,
): void {
  const address = addressOf(from)
  const event = { action: '(no request)', allowed: false, subjects: [] } as const
  noteRefusal(log, {
    ...event,
    code,
    reason: general,
    status,
    address,
  })
}

function noteRefusal(log: AuditLog, event: AuditEvent): void {
  const { actor, credential, address = '', action, code, subjects } = event
  const who = JSON.stringify([actor, credential, networkOf(address)])
  log.noteRefusal(who, `${action} ${code} ${mainSubject(subjects)}`, event)
}

/** Who names a thousand things at once fills no record with them. */
function someOf(all: readonly Subject[]): Pick<AuditEvent, 'subjects' | 'moreSubjects'> {
  if (all.length <= maxSubjects) return { subjects: all }
  return { subjects: all.slice(0, maxSubjects), moreSubjects: all.length - maxSubjects }
}

function keyOf({ actor, credential, address, subjects }: AuditEvent): string {
  return JSON.stringify([actor, credential, address, mainSubject(subjects)])
}

function withoutRequest({ requestId: _id, rule: _rule, reason: _reason, ...event }: AuditEvent): AuditEvent {
  return { ...event, subjects: [] }
}
