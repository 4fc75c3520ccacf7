/** Counts changes, per table and in all. */
export class ChangeCount {
  #total = 0
  #ofAny = 0
  readonly #ofTable = new Map<string, number>()

  /** Without names it may have been any table. */
  add(tables: Iterable<string> | undefined): void {
    this.#total += 1
    if (tables === undefined) {
      this.#ofAny += 1
      return
    }
    for (const table of tables) this.#ofTable.set(table, (this.#ofTable.get(table) ?? 0) + 1)
  }

  get total(): number {
    return this.#total
  }

  of(table: string): number {
    return this.#ofAny + (this.#ofTable.get(table) ?? 0)
  }
}
