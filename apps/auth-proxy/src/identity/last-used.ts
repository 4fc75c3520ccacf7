/** Writes down when things were used. */
export type NoteUse = (usedAt: ReadonlyMap<string, string>) => Promise<void>

/** Remembers when tokens or sessions were used last, and writes it down now and then instead of at each use. */
export class LastUsed {
  readonly #note: NoteUse
  /** In milliseconds: a text is made when somebody reads it, not at each use. */
  #noted: ReadonlyMap<string, number> = new Map()
  #fresh = new Map<string, number>()

  constructor(note: NoteUse) {
    this.#note = note
  }

  add(id: string, now: number): void {
    this.#fresh.set(id, now)
  }

  /** What is known here and perhaps not yet written. */
  get(id: string): string | undefined {
    const at = this.#fresh.get(id) ?? this.#noted.get(id)
    return at === undefined ? undefined : asText(at)
  }

  /** Writes what is new; what cannot be written waits for the next time. */
  async flush(): Promise<void> {
    if (this.#fresh.size === 0) return
    const going = this.#fresh
    this.#noted = going
    this.#fresh = new Map()
    try {
      await this.#note(new Map([...going].map(([id, at]) => [id, asText(at)])))
    } catch (error) {
      this.#fresh = new Map([...going, ...this.#fresh])
      throw error
    }
  }
}

function asText(at: number): string {
  return new Date(at).toISOString()
}
