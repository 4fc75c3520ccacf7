/** Stores when things were last used. */
export type NoteUse = (usedAt: ReadonlyMap<string, string>) => Promise<void>

/** Remembers when tokens or sessions were last used, and stores it periodically instead of at each use. */
export class LastUsed {
  readonly #note: NoteUse
  /** In milliseconds: formatted when it is read, not at each use. */
  #noted: ReadonlyMap<string, number> = new Map()
  #fresh = new Map<string, number>()

  constructor(note: NoteUse) {
    this.#note = note
  }

  add(id: string, now: number): void {
    this.#fresh.set(id, now)
  }

  /** The last use as known here, perhaps not stored yet. */
  get(id: string): string | undefined {
    const at = this.#fresh.get(id) ?? this.#noted.get(id)
    return at === undefined ? undefined : asText(at)
  }

  /** Stores what is new; on failure it is retried at the next flush. */
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
