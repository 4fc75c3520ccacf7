/** Called with everything the program writes, as text. */
export type OnWritten = (text: string) => void

const STREAMS = ['stdout', 'stderr'] as const

const listeners = new Set<OnWritten>()
const restores: (() => void)[] = []

/**
 * Listen to what the program writes to stdout and stderr. It is still written first, with the same result for the
 * writer.
 *
 * @returns a function that stops listening; after the last one the streams are restored
 */
export function listenToConsole(onWritten: OnWritten): () => void {
  if (listeners.size === 0) for (const name of STREAMS) restores.push(tap(process[name]))
  // A wrapper of its own, because the same function may listen twice.
  const listener: OnWritten = (text) => onWritten(text)
  listeners.add(listener)
  return () => {
    if (!listeners.delete(listener) || listeners.size > 0) return
    for (const restore of restores.splice(0)) restore()
  }
}

function tap(stream: NodeJS.WriteStream): () => void {
  const decoder = new TextDecoder()
  const own = Object.getOwnPropertyDescriptor(stream, 'write')
  const tapped = new Proxy(Reflect.get(stream, 'write'), {
    apply(write, self, args: readonly unknown[]) {
      const result: unknown = Reflect.apply(write, self, args)
      const [chunk] = args
      const text = chunk instanceof Uint8Array ? decoder.decode(chunk, { stream: true }) : String(chunk)
      for (const listener of listeners) listener(text)
      return result
    },
  })
  stream.write = tapped
  return () => {
    // Something patched later is built on ours, so ours stays and only forwards.
    if (Reflect.get(stream, 'write') !== tapped) return
    if (own === undefined) Reflect.deleteProperty(stream, 'write')
    else Object.defineProperty(stream, 'write', own)
  }
}
