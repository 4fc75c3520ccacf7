import type { TrustedNetwork } from './stored-networks.ts'

interface Options {
  /** What is in the store, as last read. */
  readonly stored: () => readonly TrustedNetwork[]
  /** Writes down who came in from where. */
  readonly note: (fresh: readonly TrustedNetwork[]) => Promise<void>
  readonly now?: () => number
}

const hour = 60 * 60_000
/** For so long after somebody came in from a network, strangers elsewhere cannot lock them out there. */
export const trustMs: number = 30 * 24 * hour
/** Nobody signs in so often between two flushes; a store that stays away must not fill the memory. */
const maxFresh = 10_000

/**
 * Knows from which networks people came in by their password lately, also before a restart and at other
 * proxies. Tokens and sessions earn nothing: they need no trust to work, and a stolen one must not help guessing.
 */
export class TrustedNetworks {
  readonly #options: Required<Options>
  /** What the store knows, by its list. */
  #known: ReadonlyMap<string, number> = new Map()
  #seen: readonly TrustedNetwork[] = []
  readonly #fresh = new Map<string, TrustedNetwork>()

  constructor({ now = Date.now, ...rest }: Options) {
    this.#options = { now, ...rest }
  }

  has(owner: string, network: string): boolean {
    return this.#isWithin(trustMs, keyOf({ owner, network }))
  }

  /** What is known well enough is not written again within the hour. */
  add(owner: string, network: string): void {
    const key = keyOf({ owner, network })
    if (this.#isWithin(hour, key) || this.#fresh.size >= maxFresh) return
    this.#fresh.set(key, { owner, network, seenAt: new Date(this.#options.now()).toISOString() })
  }

  /** Writes what is new; what cannot be written counts here, and waits for the next time. */
  async flush(): Promise<void> {
    if (this.#fresh.size === 0) return
    const going = [...this.#fresh]
    await this.#options.note(going.map(([, one]) => one))
    for (const [key, one] of going) if (this.#fresh.get(key) === one) this.#fresh.delete(key)
  }

  #isWithin(ms: number, key: string): boolean {
    const fresh = this.#fresh.get(key)
    const at = fresh === undefined ? this.#knownAt(key) : Date.parse(fresh.seenAt)
    // A time from before somebody set the clock back is as far away as one long ago.
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
