import type { OwnRequest } from '../destination/own-route.ts'

/** This server's address as the browser reaches it; the chain has checked the Host. */
export function originOf({ client, headers }: Pick<OwnRequest, 'client' | 'headers'>): string {
  return `${client.isSecure ? 'https' : 'http'}://${headers.host ?? 'localhost'}`
}
