/** The queue that a task waits in. */
export interface Lane {
  readonly name: string
  /** Known callers go before strangers. */
  readonly isKnown: boolean
}

/** Limits on running and waiting tasks. */
export interface FairTurnstileOptions {
  readonly slots: number
  /** How many tasks may wait in one lane. */
  readonly maxPerLane: number
  readonly maxLanes: number
}

type Lanes = Map<string, (() => void)[]>

/**
 * Runs a few tasks at once and takes waiting ones from each lane in turn, so that a client that sends many gets no
 * more than one that sends a single one. Tasks beyond the limits are turned away.
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

  /** Runs the task when its turn comes, or returns undefined at once when too many of its lane are waiting. */
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
      // The slot passes directly to the next in line: a newcomer cannot slip in between.
      if (next) next()
      else this.#running -= 1
    }
  }
}

/** Takes the first task of the lane that has waited longest for a turn, and moves that lane to the back. */
function takeTurn(lanes: Lanes): (() => void) | undefined {
  for (const [name, lane] of lanes) {
    lanes.delete(name)
    const next = lane.shift()
    if (lane.length > 0) lanes.set(name, lane)
    return next
  }
  return undefined
}
