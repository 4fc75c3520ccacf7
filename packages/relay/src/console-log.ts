import {
  closeSync,
  createReadStream,
  fstatSync,
  mkdtempDisposableSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** How often it is looked for something new. */
const LOOK_EVERY_MS = 50
const CHUNK_BYTES = 64 * 1024

/** Where what a program writes is shown. */
export interface Shown {
  readonly stdout: { write(bytes: Uint8Array): unknown }
  readonly stderr: { write(bytes: Uint8Array): unknown }
}

/**
 * What a program writes to its terminal, shown as it comes and kept.
 *
 * The program writes into files, not into pipes: it goes on whatever becomes of this process.
 */
export class ConsoleLog implements Disposable {
  readonly #folder = mkdtempDisposableSync(join(tmpdir(), 'soen-run-'))
  readonly #followed: readonly Followed[]
  readonly #both: number
  readonly #timer: NodeJS.Timeout
  #bytes = 0

  constructor({ stdout, stderr }: Shown) {
    this.#both = openSync(join(this.#folder.path, 'both'), 'a', 0o600)
    this.#followed = [this.#follow('stdout', stdout), this.#follow('stderr', stderr)]
    this.#timer = setInterval(() => this.look(), LOOK_EVERY_MS)
  }

  /** The files that the program writes to, for its standard output and its errors. */
  get descriptors(): readonly [stdout: number, stderr: number] {
    const [stdout, stderr] = this.#followed
    return [stdout?.written ?? 1, stderr?.written ?? 2]
  }

  /** How much came so far, in bytes. */
  get bytes(): number {
    return this.#bytes
  }

  /** Show what has come. */
  look(): void {
    for (const followed of this.#followed) this.#show(followed)
  }

  /** All that came, in the order in which it came; of a line that was written over, as progress bars are, the last state. */
  async *text(): AsyncGenerator<Buffer> {
    const decoder = new TextDecoder()
    let open = ''
    for await (const bytes of createReadStream(join(this.#folder.path, 'both'))) {
      const lines = `${open}${decoder.decode(bytes, { stream: true })}`.split('\n')
      open = lines.pop() ?? ''
      // A bar that is never ended by a line is as long as the training.
      if (open.length > CHUNK_BYTES) open = foldLine(open)
      yield Buffer.from(lines.map((line) => `${foldLine(line)}\n`).join(''))
    }
    yield Buffer.from(foldLine(open))
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
    for (const { read, written } of this.#followed)
      for (const descriptor of [read, written]) closeSync(descriptor)
    closeSync(this.#both)
    this.#folder[Symbol.dispose]()
  }

  #follow(name: string, shown: Followed['shown']): Followed {
    const path = join(this.#folder.path, name)
    const written = openSync(path, 'a', 0o600)
    return { written, read: openSync(path, 'r'), shown, at: 0 }
  }

  #show(followed: Followed): void {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
    while (fstatSync(followed.read).size > followed.at) {
      const count = readSync(followed.read, chunk, 0, CHUNK_BYTES, followed.at)
      if (count === 0) return
      const bytes = chunk.subarray(0, count)
      followed.at += count
      followed.shown.write(Buffer.from(bytes))
      writeSync(this.#both, bytes)
      this.#bytes += count
    }
  }
}

interface Followed {
  /** The program writes here. */
  readonly written: number
  readonly read: number
  readonly shown: { write(bytes: Uint8Array): unknown }
  at: number
}

/** Colours and movements of the cursor. */
// oxlint-disable-next-line no-control-regex -- control characters are exactly what is looked for
const ESCAPES = /\u001B\[[0-?]*[ -/]*[@-~]/g

/** A line as it stood on the screen at its end. */
export function foldLine(line: string): string {
  const states = line.replaceAll(ESCAPES, '').split('\r')
  return states.findLast((state) => state !== '') ?? ''
}
