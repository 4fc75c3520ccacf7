import { expect, it } from 'vitest'
import { clientAddress } from './client-address.ts'
import type { ClientAddress } from './client-address.ts'

const read = (headers: Record<string, string>, isBehindTlsProxy: boolean, peer?: string): ClientAddress =>
  clientAddress({ headers, socket: { remoteAddress: peer } } as never, isBehindTlsProxy)

it('believes no header of a client that reaches us directly', () => {
  const claims = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' }
  expect(read(claims, false, '127.0.0.1')).toEqual({ address: '127.0.0.1', isSecure: false })
})

it('takes from the TLS proxy what it adds last, not what the client wrote before', () => {
  const headers = { 'x-forwarded-for': '10.0.0.1, 203.0.113.9', 'x-forwarded-proto': 'http,https' }
  expect(read(headers, true, '127.0.0.1')).toEqual({ address: '203.0.113.9', isSecure: true })
})

it('knows no address on a unix socket without the header', () => {
  expect(read({}, true)).toEqual({ address: 'unknown', isSecure: false })
  expect(read({ 'x-forwarded-for': '' }, true)).toMatchObject({ address: 'unknown' })
})
