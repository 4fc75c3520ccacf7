import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import type { ClientConfig } from 'pg'

/** A listener on a PostgreSQL notification channel. */
export interface HeardChanges {
  /** Throws while the listener has no connection. */
  check(): void
  /**
   * Reconnects before the next check, if the database can be reached: our own change must take effect here at once.
   */
  catchUp(): Promise<void>
  close(): Promise<void>
}

interface Options {
  readonly retryMs?: number
  /** How often the connection is tested: a network that is cut off gives no sign. */
  readonly heartbeatMs?: number
}

/**
 * Listens until closed and reports the changed tables by name, or undefined when it may be any of them: after a lost
 * connection was restored, or when an older front door sent no names.
 */
export async function hearChanges(
  connection: ClientConfig,
  channel: string,
  onChange: (tables: readonly string[] | undefined) => void,
  { retryMs = 500, heartbeatMs = 5000 }: Options = {},
): Promise<HeardChanges> {
  const closing = new AbortController()
  let failure: unknown
  let mending: Promise<void> | undefined
  let client = await listen()
  const listening = keepListening()

  async function listen(): Promise<Client> {
    const fresh = new Client(connection)
    fresh.on('error', (error) => (failure = error))
    fresh.on('end', () => (failure ??= new Error('PostgreSQL closed the connection.')))
    fresh.on('notification', ({ payload = '' }) => onChange(payload === '' ? undefined : payload.split(' ')))
    try {
      await fresh.connect()
      await fresh.query(`LISTEN ${channel}`)
    } catch (error) {
      await fresh.end().catch(() => {})
      throw error
    }
    return fresh
  }

  async function keepListening(): Promise<void> {
    for (let elapsedMs = 0; ; elapsedMs += retryMs) {
      await sleep(retryMs, undefined, { signal: closing.signal, ref: false }).catch(() => {})
      if (closing.signal.aborted) return
      try {
        if (failure !== undefined) await mend()
        else if (elapsedMs % heartbeatMs < retryMs) await client.query('SELECT 1')
      } catch (error) {
        failure = error
      }
    }
  }

  function mend(): Promise<void> {
    mending ??= reconnect().finally(() => (mending = undefined))
    return mending
  }

  async function reconnect(): Promise<void> {
    await client.end().catch(() => {})
    client = await listen()
    // Notifications sent meanwhile were missed.
    onChange(undefined)
    failure = undefined
  }

  return {
    check() {
      if (failure !== undefined) throw new Error('Changes in PostgreSQL cannot be heard.', { cause: failure })
    },
    async catchUp() {
      if (failure !== undefined && !closing.signal.aborted) await mend().catch(() => {})
    },
    async close() {
      closing.abort()
      await listening
      await client.end().catch(() => {})
    },
  }
}
