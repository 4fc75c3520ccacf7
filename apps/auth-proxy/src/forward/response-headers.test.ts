import { describe, expect, it } from 'vitest'
import { clientHeaders } from './response-headers.ts'

describe('clientHeaders', () => {
  it('keeps what speaks about the answer', () => {
    const headers = {
      'content-type': 'text/plain',
      'content-length': '2',
      etag: '"a"',
      'set-cookie': ['a=1', 'b=2'],
    }
    expect(clientHeaders(headers, false)).toEqual(headers)
  })

  it('drops what speaks about the connection, also when only Connection names it', () => {
    const headers = {
      connection: 'Keep-Alive, X-Hop',
      'keep-alive': 'timeout=5',
      'transfer-encoding': 'chunked',
      'x-hop': '1',
      server: 'uvicorn',
      etag: '"a"',
    }
    expect(clientHeaders(headers, false)).toEqual({ etag: '"a"' })
  })

  it('keeps shared caches from keeping what needs a login', () => {
    const headers = { 'cache-control': 'public, max-age=2419200', expires: 'Wed, 23 Dec 2026 17:34:07 GMT' }
    expect(clientHeaders(headers, false)).toEqual({ 'cache-control': 'private, no-cache' })
    expect(clientHeaders({ 'cache-control': 'no-store' }, false)).toEqual({ 'cache-control': 'no-store' })
  })

  it('stops an uploaded page from running with the login of its reader', () => {
    const headers = { 'content-type': 'text/html', 'content-security-policy': "default-src 'self'" }
    expect(clientHeaders(headers, true)).toEqual({
      'content-type': 'text/html',
      'content-security-policy': 'sandbox',
      'x-content-type-options': 'nosniff',
    })
  })
})
