import { stripVTControlCharacters } from 'node:util'
import { attempt } from '../run/attempt.ts'
import type { Run } from '../run/run.ts'
import { BoundedText } from './bounded-text.ts'
import { listenToConsole } from './console-streams.ts'

/** How much is kept, and where. */
export interface ConsoleOptions {
  /** Path among the run's artifacts; `console.txt` by default. */
  readonly path?: string | undefined
  /** How many characters are kept, half of them from the beginning and half from the end; 4 million by default. */
  readonly maxCharacters?: number | undefined
  /** The interval at which new output is looked for; 10 s by default. */
  readonly everyMs?: number | undefined
}

/** It is uploaded as a whole: only when it has grown by this factor, or before a flush. */
const GROWTH = 1.25

/**
 * Store what the program writes to stdout and stderr from now on in a growing artifact of the run.
 *
 * The output itself is neither delayed nor changed. The artifact has no colours, and only the last state of a
 * progress bar's line. Capturing ends with the run, or when the returned function is called; then the streams are
 * restored.
 */
export function captureConsole(run: Run, options: ConsoleOptions = {}): () => void {
  const { path = 'console.txt', maxCharacters = 4_000_000, everyMs = 10_000 } = options
  const text = new BoundedText(maxCharacters)
  const ending = new AbortController()
  let sent = 0
  const send = (): void => {
    if (text.received === sent) return
    sent = text.received
    run.text(readable(text.toString()), path)
  }
  attempt(run, 'console', () => {
    const leave = listenToConsole((written) => text.append(written))
    const timer = setInterval(() => {
      if (text.received > sent * GROWTH) send()
    }, everyMs)
    timer.unref()
    ending.signal.addEventListener('abort', () => {
      leave()
      clearInterval(timer)
      send()
    })
    run.beforeFlush((isEnd) => (isEnd ? ending.abort() : send()))
  })
  return () => ending.abort()
}

function readable(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/^.*\r(?!\n|$)/gm, '')
}
