import { stripVTControlCharacters } from 'node:util'
import { attempt } from '../run/attempt.ts'
import type { Run } from '../run/run.ts'
import { BoundedText } from './bounded-text.ts'
import { listenToConsole } from './console-streams.ts'

/** How much is kept, and where. */
export interface ConsoleOptions {
  /** Path among the run's artifacts; `console.txt` by default. */
  readonly path?: string | undefined
  /** Characters that are kept, the first and the last half of them; 4 million by default. */
  readonly maxCharacters?: number | undefined
  /** The pause between two looks at whether it has grown; 10 s by default. */
  readonly everyMs?: number | undefined
}

/** It is sent whole: only when it has grown by this much, or before a flush. */
const GROWTH = 1.25

/**
 * Keep what the program writes to stdout and stderr from now on as an artifact of the run that grows.
 *
 * The output itself is neither held up nor changed. In the artifact it has no colours, and of a progress bar's line the last
 * state. It ends with the run, or when the answer is called; then the streams are as they were.
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
