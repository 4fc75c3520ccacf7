/** Receives the lines of the log. */
export interface LogLines {
  write(line: string): void
  /** Writes what is buffered. */
  flush(): void
}

interface Options {
  readonly maxHeldChars?: number
  readonly maxHeldMs?: number
}

const routine = '{"level":30,'

/**
 * Buffers routine lines and writes several at once: a system call per request would cost more than the request's
 * checks. Anything worse than routine is written at once, together with everything before it.
 */
export function gatherLines(target: { write(text: string): unknown }, options: Options = {}): LogLines {
  const { maxHeldChars = 16_384, maxHeldMs = 100 } = options
  let held = ''
  let timer: NodeJS.Timeout | undefined
  const flush = (): void => {
    clearTimeout(timer)
    timer = undefined
    const text = held
    held = ''
    if (text !== '') target.write(text)
  }
  return {
    flush,
    write(line) {
      held += line
      if (held.length >= maxHeldChars || !line.startsWith(routine)) flush()
      else timer ??= setTimeout(flush, maxHeldMs)
    },
  }
}
