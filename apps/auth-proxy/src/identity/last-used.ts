/** Writes down when things were used. */
export type NoteUse = (usedAt: ReadonlyMap<string, string>) => Promise<void>

/** Remembers when tokens or sessions were used last, and writes it down now and then instead of at each use. */
export class LastUsed {
  readonly #note: NoteUse
  #noted: ReadonlyMap<string, string> = new Map()
  #fresh = new Map<string, string>()

  constructor(note: NoteUse) {
    this.#note = note
  }

  add(id: string, now: number): void {
    this.#fresh.set(id, new Date(now).toISOString())
  }

  /** What is known here and perhaps not yet written. */
  get(id: string): string | undefined {
    return this.#fresh.get(id) ?? this.#noted.get(id)
  }

  /** Writes what is new; what cannot be written waits for the next time. */
  async flush(): Promise<void> {
    if (this.#fresh.size === 0) return
    const going = this.#fresh
    this.#noted = going
    this.#fresh = new Map()
    try {
      await this.#note(going)
    } catch (error) {
      this.#fresh = new Map([...going, ...this.#fresh])
      throw error
    }
  }
}
