import { startTold, type ToldTraining } from './told-training.ts'

/** The client's promise: so many calls of a burst are written at once, and this share of a longer one may wait. */
const WRITTEN_AT_ONCE = 64
const WAITING_PART = 1 / 16
/** After this time everything accepted has been written. */
const REST_MS = 120

/** Where the processes of a job run, and where they log to. */
export interface JobPlace {
  readonly trackingUri: string
  readonly spoolDir: string
  readonly resumeKey: string
  /** A boot id file that makes a process look like one on another host. */
  readonly bootFile: string
}

/** A job whose processes are killed at random moments, on one of two hosts, and what must exist of it afterwards. */
export class KilledJob {
  readonly #place: JobPlace
  readonly #random: () => number
  /** The next step. */
  #step = 0
  /** Steps that no kill may have lost. */
  #safe = 0
  #files = 0
  #kills = 0

  constructor(place: JobPlace, random: () => number) {
    this.#place = place
    this.#random = random
  }

  get safe(): number {
    return this.#safe
  }

  get kills(): number {
    return this.#kills
  }

  /** The files that must exist, and how many times each contains its number. */
  get files(): ReadonlyMap<string, Buffer> {
    const made = Array.from({ length: this.#files }, (_, number): [string, Buffer] =>
      number % 2 === 0
        ? [`texts/${number}.txt`, Buffer.from(`text ${number}`)]
        : [`files/${number}.bin`, Buffer.alloc(20_000 * (number + 1), number + 1)],
    )
    return new Map(made)
  }

  /** Let a process train for a while, and kill it in the middle of something. */
  async trainAndKill(): Promise<void> {
    await using training = await this.#start()
    for (let work = 1 + this.#below(4); work > 0; work -= 1) await this.#work(training)
    await training.tell(`rest ${REST_MS}`)
    this.#safe = this.#step
    const calls = await this.#log(training)
    this.#safe += Math.min(calls, WRITTEN_AT_ONCE)
    this.#safe += Math.floor(Math.max(0, calls - WRITTEN_AT_ONCE) * (1 - WAITING_PART))
    // In a synchronous step, during a request, or while it is idle.
    const last = [`block ${50 + this.#below(400)}`, 'flush 2000', 'rest 500'][this.#below(3)] ?? ''
    void training.tell(last)
    await new Promise((waited) => setTimeout(waited, this.#below(300)))
    await training.signal('SIGKILL')
    this.#kills += 1
  }

  /** Let a process do the rest and end normally. */
  async finish(): Promise<void> {
    await using training = await this.#start()
    await this.#work(training)
    await this.#log(training)
    this.#safe = this.#step
    await training.tell('end 20000')
  }

  /** A process starts some steps before the last known one, like one that loads a checkpoint. */
  async #start(): Promise<ToldTraining> {
    const { bootFile, ...place } = this.#place
    const training = await startTold({ ...place, ...(this.#random() < 0.5 && { bootFile }) })
    this.#step = Math.max(0, this.#safe - this.#below(30))
    await training.tell(`from ${this.#step}`)
    return training
  }

  async #work(training: ToldTraining): Promise<void> {
    await training.tell(`rest ${REST_MS}`)
    await this.#log(training)
    if (this.#random() < 0.5) {
      await training.tell(`block ${this.#below(300)}`)
      await training.hear()
    }
    if (this.#random() < 0.5) {
      await training.tell(`rest ${REST_MS}`)
      await training.tell(`${this.#files % 2 === 0 ? 'text' : 'file'} ${this.#files}`)
      this.#files += 1
    }
    if (this.#random() < 0.2) await training.tell('flush 1000')
  }

  async #log(training: ToldTraining): Promise<number> {
    const calls = 1 + this.#below(200)
    await training.tell(`log ${calls}`)
    this.#step += calls
    return calls
  }

  #below(limit: number): number {
    return Math.floor(limit * this.#random())
  }
}
