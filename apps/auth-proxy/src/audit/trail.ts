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

/** The outcome of one of our pages or of the API, for the record. */
export interface SiteOutcome {
  readonly status: number
  /** Why it was refused. */
  readonly code?: string | undefined
  /** Who signed in. */
  readonly actor?: string | undefined
  readonly touched?: readonly Subject[] | undefined
}

/** What the front door's records are made with. */
export interface TrailOptions {
  readonly log: AuditLog
  readonly sightings: Sightings
}

/** Gathers what is known of one request, and at its end records it if it is of a kind that is recorded. */
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
    // Never the path: of an unknown route it may contain anything, secrets included.
    this.#action = `${method} (no such route)`
  }

  /** Sets the client's address. */
  from(address: string): void {
    this.#from = address
  }

  /** The request is for one of our pages or the API. */
  forSite(action: string): void {
    this.#action = action
    this.#isSite = true
  }

  /** The request is for this route of MLflow. */
  forRoute(route: Route): void {
    this.#action = route.name
    this.#route = route
  }

  by(principal: Principal): void {
    this.#principal = principal
  }

  /** The user name that a refused caller gave; only if it is an account's. */
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

  /** Sets the ids that the request names. */
  touches(ids: readonly Id[]): void {
    this.#ids = ids
  }

  /** Reads MLflow's response where it says more than the request; undefined for all other routes. */
  get reader(): ((answer: Buffer) => void) | undefined {
    const name = this.#route?.name
    if (name === undefined || !isTelling(name)) return undefined
    return (answer) => {
      this.#answered = subjectsOfAnswer(name, answer)
    }
  }

  /**
   * The request is about to be forwarded to MLflow. If it does what cannot be undone, the returned promise
   * waits until its record is stored.
   */
  sendsOn(): Promise<void> | undefined {
    if (this.#route !== undefined && isGrave(this.#route)) {
      return this.#keepFirst().then(() => void (this.#isSentOn = true))
    }
    this.#isSentOn = true
    return undefined
  }

  /** A change of accounts is about to be made: its record is stored first. */
  changesSite(): Promise<void> | undefined {
    if (!this.#isSite || isSafeMethod(this.#method) || this.#action === 'POST /_soen/sign-out')
      return undefined
    return this.#keepFirst()
  }

  async #keepFirst(): Promise<void> {
    await this.#options.log.keep({ ...this.#event(true), asked: true })
  }

  /** The request has ended: records it, if it is to be recorded. */
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
    // A client that left before its request was forwarded has changed nothing.
    if (this.#route === undefined || !this.#isSentOn || !isChange(this.#route)) return
    const event = this.#event(true, status)
    if (!hotRoutes.has(this.#route.name)) return log.note(event)
    log.writes.add(keyOf(event), event, log.now)
  }

  #noteRefusal(status: number | undefined): void {
    noteRefusal(this.#options.log, this.#event(false, status))
  }

  /** Programs send credentials with each request and never sign in, so their presence is recorded once an hour. */
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

/** Behind a TLS proxy the address is the one that the proxy reports. */
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

/** Records bytes that were not a valid request. */
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

/** A request that names thousands of things must not fill its record with them. */
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
