/** Takes lines of the log. */
export interface LogLines {
  write(line: string): void
  /** Hands on what is held. */
  flush(): void
}

interface Options {
  readonly maxHeldChars?: number
  readonly maxHeldMs?: number
}

const routine = '{"level":30,'

/**
 * Hands routine lines on several at once: one system call for each request would cost more than the request's
 * checks. Whatever is worse than routine goes out at once, with all that came before it.
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
