import type { OwnRequest } from '../destination/own-route.ts'

/** This server's address as the browser sees it; the Host header was checked before. */
export function originOf({ client, headers }: Pick<OwnRequest, 'client' | 'headers'>): string {
  return `${client.isSecure ? 'https' : 'http'}://${headers.host ?? 'localhost'}`
}
