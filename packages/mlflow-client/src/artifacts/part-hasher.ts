import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { read } from 'node:fs'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import type { Part } from './plan-parts.ts'

const readFd = promisify(read)

/** Small enough to stay in the processor's cache until it is hashed. */
const CHUNK_BYTES = 256 * 1024

/** As text: a program bundled into one file has no other file to load. */
const PROGRAM = `const { createHash } = require('node:crypto')
const { readSync } = require('node:fs')
const { parentPort } = require('node:worker_threads')
const chunk = new Uint8Array(${CHUNK_BYTES})
parentPort.on('message', ({ fd, start, end, port }) => {
  const hash = createHash('md5')
  for (let at = start, length = 1; at < end && length > 0; at += length) {
    length = readSync(fd, chunk, 0, Math.min(chunk.length, end - at), at)
    hash.update(chunk.subarray(0, length))
  }
  port.postMessage(hash.digest('base64'))
})`

/**
 * Hashes parts of a file on a worker thread: a gigabyte takes two seconds of processor time, which the main thread
 * does not have.
 *
 * The worker reads the file itself: memory passed between threads triggers the garbage collector of each, while the
 * file is in the system's cache anyway for the thread that sends it.
 */
export class PartHasher implements Disposable {
  readonly #program: string
  #worker: Worker | undefined

  constructor(program: string = PROGRAM) {
    this.#program = program
  }

  /** The MD5 of a part of an open file, in the form of `Content-MD5`. Rejects when the part cannot be read. */
  async hash(fd: number, part: Part): Promise<string> {
    try {
      return await this.#hashOnThread(fd, part)
    } catch {
      // No worker can be started, or it ended while it hashed this part.
      this[Symbol.dispose]()
      return await hashHere(fd, part)
    }
  }

  [Symbol.dispose](): void {
    void this.#worker?.terminate()
    this.#worker = undefined
  }

  async #hashOnThread(fd: number, { start, end }: Part): Promise<string> {
    const worker = (this.#worker ??= startWorker(this.#program))
    const { port1, port2 } = new MessageChannel()
    const over = new AbortController()
    try {
      // A channel per request matches each answer to its part.
      worker.postMessage({ fd, start, end, port: port2 }, [port2])
      const ended = once(worker, 'exit', { signal: over.signal }).then(() => {
        throw new Error('The thread that hashes has ended.')
      })
      const answered = once(port1, 'message', { signal: over.signal })
      port1.start()
      const [md5] = await Promise.race([answered, ended])
      return md5
    } finally {
      over.abort()
      port1.close()
    }
  }
}

async function hashHere(fd: number, { start, end }: Part): Promise<string> {
  const hash = createHash('md5')
  const chunk = new Uint8Array(CHUNK_BYTES)
  for (let at = start, length = 1; at < end && length > 0; at += length) {
    ;({ bytesRead: length } = await readFd(fd, chunk, 0, Math.min(chunk.length, end - at), at))
    hash.update(chunk.subarray(0, length))
  }
  return hash.digest('base64')
}

/** Does not keep the program alive, and does not inherit a loader that would have to start first. */
function startWorker(program: string): Worker {
  const worker = new Worker(program, { eval: true, execArgv: [] })
  // Errors are reported by its exit.
  worker.on('error', () => {}).unref()
  return worker
}
