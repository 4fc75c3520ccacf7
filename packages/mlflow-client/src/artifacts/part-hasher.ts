import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { read } from 'node:fs'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import type { Part } from './plan-parts.ts'

const readFd = promisify(read)

/** Small enough to be still in the processor's cache when it is hashed. */
const CHUNK_BYTES = 256 * 1024

/** As text: a program that is bundled into one file has no other. */
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
 * Hashes parts of a file on a thread of its own: a gigabyte takes two seconds of processor time, which the training's
 * thread does not have.
 *
 * The thread reads for itself: memory that goes from one thread to another is what the garbage collector of each is
 * called for, and the file is in the system's cache for the one that sends it.
 */
export class PartHasher implements Disposable {
  readonly #program: string
  #worker: Worker | undefined

  constructor(program: string = PROGRAM) {
    this.#program = program
  }

  /** The MD5 of a part of an open file, as `Content-MD5` has it. What cannot be read rejects. */
  async hash(fd: number, part: Part): Promise<string> {
    try {
      return await this.#hashOnThread(fd, part)
    } catch {
      // Where no thread can be had, or it ended with the part in its hands.
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
      // Its own channel: an answer finds the part that it belongs to.
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

/** It keeps no program alive, and inherits no loader that would have to start first. */
function startWorker(program: string): Worker {
  const worker = new Worker(program, { eval: true, execArgv: [] })
  // What ends it is told by its end.
  worker.on('error', () => {}).unref()
  return worker
}
