import { randomBase62 } from '../identity/base62.ts'
import { hashOf } from './record.ts'
import type { AuditEvent, AuditRecord } from './record.ts'

/** The local commands share one chain, which the store's lock serialises; each front door has its own. */
export const commandWriter = 'commands'

/** A unique name for the chain of one start of a front door: two must never write to the same chain. */
export function newWriter(): string {
  return randomBase62(12)
}

/** Chains events: each record holds the hash of the one before it. */
export class Chain {
  readonly writer: string
  #seq: number
  #hash: string

  constructor(writer: string, { seq, hash }: { seq: number; hash: string } = { seq: 0, hash: '' }) {
    this.writer = writer
    this.#seq = seq
    this.#hash = hash
  }

  add(event: AuditEvent, time: Date): AuditRecord {
    const content = {
      ...event,
      writer: this.writer,
      seq: this.#seq + 1,
      time: time.toISOString(),
      prev: this.#hash,
    }
    const record = { ...content, hash: hashOf(content) }
    this.#seq = record.seq
    this.#hash = record.hash
    return record
  }
}
