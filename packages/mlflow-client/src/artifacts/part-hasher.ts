import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

/** A part in memory, and its MD5 as `Content-MD5` has it. */
export interface HashedPart {
  readonly bytes: Uint8Array
  readonly md5: string
}

/** As text: a program that is bundled into one file has no other. */
const PROGRAM = `const { createHash } = require('node:crypto')
const { parentPort } = require('node:worker_threads')
parentPort.on('message', ({ bytes, port }) => {
  const md5 = createHash('md5').update(bytes).digest('base64')
  port.postMessage({ bytes, md5 }, [bytes.buffer])
})`

/**
 * Hashes parts on a thread of its own: a gigabyte takes two seconds of processor time, which the training's thread
 * does not have, and the one that sends does not either.
 */
export class PartHasher implements Disposable {
  readonly #program: string
  #worker: Worker | undefined

  constructor(program: string = PROGRAM) {
    this.#program = program
  }

  /** Read a part and hash it. */
  async read(part: Blob): Promise<HashedPart> {
    try {
      return await this.#hash(await part.arrayBuffer())
    } catch {
      // Where no thread can be had, or it ended with the part in its hands.
      this[Symbol.dispose]()
      const bytes = await part.bytes()
      return { bytes, md5: createHash('md5').update(bytes).digest('base64') }
    }
  }

  [Symbol.dispose](): void {
    void this.#worker?.terminate()
    this.#worker = undefined
  }

  async #hash(buffer: ArrayBuffer): Promise<HashedPart> {
    const bytes = new Uint8Array(buffer)
    const worker = (this.#worker ??= startWorker(this.#program))
    const { port1, port2 } = new MessageChannel()
    const over = new AbortController()
    try {
      // Its own channel: an answer finds the part that it belongs to.
      worker.postMessage({ bytes, port: port2 }, [buffer, port2])
      const ended = once(worker, 'exit', { signal: over.signal }).then(() => {
        throw new Error('The thread that hashes has ended.')
      })
      const answered = once(port1, 'message', { signal: over.signal })
      port1.start()
      const [hashed] = await Promise.race([answered, ended])
      return hashed
    } finally {
      over.abort()
      port1.close()
    }
  }
}

/** It keeps no program alive, and inherits no loader that would have to start first. */
function startWorker(program: string): Worker {
  const worker = new Worker(program, { eval: true, execArgv: [] })
  // What ends it is told by its end.
  worker.on('error', () => {}).unref()
  return worker
}
