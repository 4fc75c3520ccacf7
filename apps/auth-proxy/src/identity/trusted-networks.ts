import type { TrustedNetwork } from './stored-networks.ts'

interface Options {
  /** The networks in the store, as last read. */
  readonly stored: () => readonly TrustedNetwork[]
  /** Stores who signed in from where. */
  readonly note: (fresh: readonly TrustedNetwork[]) => Promise<void>
  readonly now?: () => number
}

const hour = 60 * 60_000
/** How long after a user signed in from a network strangers elsewhere cannot lock them out there. */
export const trustMs: number = 30 * 24 * hour
/** More sign-ins than happen between two flushes; while the store is away they must not fill the memory. */
const maxFresh = 10_000

/**
 * Knows the networks from which users recently signed in by password, even before a restart and through other front
 * doors. Tokens and sessions earn no trust: they work without it, and a stolen one must not help with guessing.
 */
export class TrustedNetworks {
  readonly #options: Required<Options>
  /** The networks in the store, indexed from its list. */
  #known: ReadonlyMap<string, number> = new Map()
  #seen: readonly TrustedNetwork[] = []
  readonly #fresh = new Map<string, TrustedNetwork>()

  constructor({ now = Date.now, ...rest }: Options) {
    this.#options = { now, ...rest }
  }

  has(owner: string, network: string): boolean {
    return this.#isWithin(trustMs, keyOf({ owner, network }))
  }

  /** An entry that is less than an hour old is not written again. */
  add(owner: string, network: string): void {
    const key = keyOf({ owner, network })
    if (this.#isWithin(hour, key) || this.#fresh.size >= maxFresh) return
    this.#fresh.set(key, { owner, network, seenAt: new Date(this.#options.now()).toISOString() })
  }

  /** Stores what is new; on failure it still counts here and is retried at the next flush. */
  async flush(): Promise<void> {
    if (this.#fresh.size === 0) return
    const going = [...this.#fresh]
    await this.#options.note(going.map(([, one]) => one))
    for (const [key, one] of going) if (this.#fresh.get(key) === one) this.#fresh.delete(key)
  }

  #isWithin(ms: number, key: string): boolean {
    const fresh = this.#fresh.get(key)
    const at = fresh === undefined ? this.#knownAt(key) : Date.parse(fresh.seenAt)
    // A time in the future, from before the clock was set back, counts as just as far away as one in the past.
    return at !== undefined && Math.abs(this.#options.now() - at) < ms
  }

  #knownAt(key: string): number | undefined {
    const stored = this.#options.stored()
    if (stored !== this.#seen) {
      this.#seen = stored
      this.#known = new Map(stored.map((one) => [keyOf(one), Date.parse(one.seenAt)]))
    }
    return this.#known.get(key)
  }
}

function keyOf({ owner, network }: Pick<TrustedNetwork, 'owner' | 'network'>): string {
  return `${owner} ${network}`
}
