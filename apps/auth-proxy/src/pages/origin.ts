import type { SiteRequest } from '../site/site-request.ts'

/** This server's address as the browser reaches it; the chain has checked the Host. */
export function originOf({ client, headers }: Pick<SiteRequest, 'client' | 'headers'>): string {
  return `${client.isSecure ? 'https' : 'http'}://${headers.host ?? 'localhost'}`
}
