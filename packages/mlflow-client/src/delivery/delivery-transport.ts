import { createTransport, type Transport, type TransportOptions } from '../rest/transport.ts'
import { createLazyFetch } from './lazy-fetch.ts'
import type { FileSettings, RemoteSettings } from '../settings/settings.ts'

/**
 * How requests are made: with the settings' credentials and the environment's proxies and certificates, unless
 * others are given.
 */
export interface DeliveryOptions {
  readonly credentials?: TransportOptions['credentials']
  readonly fetch?: typeof globalThis.fetch | undefined
}

/**
 * The transport to a journal's destination: a server, or a folder that answers the same calls.
 *
 * Delivery treats both alike, and so has one set of rules.
 */
export function deliveryTransport(
  settings: RemoteSettings,
  {
    fetch = createLazyFetch({ trackingUri: settings.trackingUri, keepsAlive: true }),
    ...options
  }: DeliveryOptions = {},
): Transport {
  if (settings.target === 'file') return storeTransport(settings)
  const { trackingUri, credentials, retry } = settings
  return createTransport({ trackingUri, credentials, timeoutMs: retry.timeoutMs, fetch, ...options })
}

/** The file store is loaded with the first call: programs that log to a server never load it. */
function storeTransport({ trackingUri, path }: FileSettings): Transport {
  let opened: Promise<Transport> | undefined
  const open = async (): Promise<Transport> => {
    opened ??= import('../local-store/file-transport.ts').then((store) => store.createFileTransport(path))
    return await opened
  }
  return {
    trackingUri,
    json: async (...call) => await (await open()).json(...call),
    raw: async (...call) => await (await open()).raw(...call),
  }
}
