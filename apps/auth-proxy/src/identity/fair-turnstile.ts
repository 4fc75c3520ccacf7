/** Whose turn it is among others. */
export interface Lane {
  readonly name: string
  /** Who is known to come from there goes before strangers. */
  readonly isKnown: boolean
}

/** How many tasks run, and wait. */
export interface FairTurnstileOptions {
  readonly slots: number
  /** The most that wait in one lane. */
  readonly maxPerLane: number
  readonly maxLanes: number
}

type Lanes = Map<string, (() => void)[]>

/**
 * Lets a few tasks run at once, and of those that wait one of each lane in turn: who sends many has no more of it than
 * who sends one. What would wait too long is turned away.
 */
export class FairTurnstile {
  readonly #options: FairTurnstileOptions
  readonly #known: Lanes = new Map()
  readonly #strangers: Lanes = new Map()
  #running = 0

  constructor(options: FairTurnstileOptions) {
    this.#options = options
  }

  get running(): number {
    return this.#running
  }

  /** Runs the task when its turn comes, or returns undefined at once when too many of its lane wait already. */
  enter<Result>(task: () => Promise<Result>, { name, isKnown }: Lane): Promise<Result> | undefined {
    if (this.#running < this.#options.slots) {
      this.#running += 1
      return this.#run(task)
    }
    const lanes = isKnown ? this.#known : this.#strangers
    const lane = lanes.get(name)
    const isFull =
      lane === undefined ? lanes.size >= this.#options.maxLanes : lane.length >= this.#options.maxPerLane
    if (isFull) return undefined
    const turn = new Promise<void>((resolve) => {
      if (lane === undefined) lanes.set(name, [resolve])
      else lane.push(resolve)
    })
    return turn.then(() => this.#run(task))
  }

  async #run<Result>(task: () => Promise<Result>): Promise<Result> {
    try {
      return await task()
    } finally {
      const next = takeTurn(this.#known) ?? takeTurn(this.#strangers)
      // The slot goes straight to the next in line: a newcomer cannot slip in between.
      if (next) next()
      else this.#running -= 1
    }
  }
}

/** The first of the lane that had no turn for the longest time, which goes behind the others then. */
function takeTurn(lanes: Lanes): (() => void) | undefined {
  for (const [name, lane] of lanes) {
    lanes.delete(name)
    const next = lane.shift()
    if (lane.length > 0) lanes.set(name, lane)
    return next
  }
  return undefined
}
