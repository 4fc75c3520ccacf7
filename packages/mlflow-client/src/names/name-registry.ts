import { MAX_NAME_LENGTH, sanitizeName, type SanitizeOptions } from './sanitize.ts'

/** Maps every original name to one clean name, and never two to the same. */
export class NameRegistry {
  readonly #options: SanitizeOptions
  readonly #cleanByOriginal = new Map<string, string>()
  readonly #originalByClean = new Map<string, string>()

  constructor(options: SanitizeOptions = {}) {
    this.#options = options
  }

  /** The clean name of `original`, if it has one. */
  find(original: string): string | undefined {
    return this.#cleanByOriginal.get(original)
  }

  /** Add a mapping that others have agreed on, unless one of the two names is taken. */
  hold(clean: string, original: string): void {
    if (this.#originalByClean.has(clean)) return
    this.#originalByClean.set(clean, original)
    if (!this.#cleanByOriginal.has(original)) this.#cleanByOriginal.set(original, clean)
  }

  /** The clean name of `original`, the same each time. */
  clean(original: string): string {
    const known = this.find(original)
    if (known !== undefined) return known
    const wished = sanitizeName(original, this.#options)
    let name = wished
    for (let n = 2; this.#originalByClean.has(name); n += 1) {
      name = `${Array.from(wished)
        .slice(0, MAX_NAME_LENGTH - 8)
        .join('')}_${n}`
    }
    this.hold(name, original)
    return name
  }

  /** Clean name → original, for the names that had to change. */
  changed(): Record<string, string> {
    const entries = [...this.#originalByClean].filter(([clean, original]) => original !== clean)
    return Object.fromEntries(entries)
  }
}
