/** Bytes since the machine was started. */
export interface NetworkBytes {
  readonly received: number
  readonly sent: number
}

/** Add up the interfaces of `/proc/net/dev`. */
export function parseNetDev(text: string): NetworkBytes {
  let received = 0
  let sent = 0
  for (const line of text.split('\n')) {
    const [name, counters] = line.split(':')
    if (name === undefined || counters === undefined) continue
    // Eight columns of received traffic, eight of sent; bytes come first in each.
    const columns = counters.trim().split(/\s+/).map(Number)
    received += columns[0] ?? 0
    sent += columns[8] ?? 0
  }
  return { received, sent }
}
