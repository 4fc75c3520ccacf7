import { describe, expect, it } from 'vitest'
import { parseListenAddress } from './listen-address.ts'

describe('parseListenAddress', () => {
  it.each([
    ['127.0.0.1:0', { host: '127.0.0.1', port: 0 }],
    ['localhost:5000', { host: '127.0.0.1', port: 5000 }],
    ['[::1]:65535', { host: '::1', port: 65_535 }],
    ['unix:/run/soen/door.sock', { path: '/run/soen/door.sock' }],
  ])('reads %s', (text, address) => {
    expect(parseListenAddress(text)).toEqual(address)
  })

  it.each([
    '0.0.0.0:5000',
    '[::]:5000',
    ':5000',
    '5000',
    '192.168.1.2:80',
    '127.0.0.1',
    '127.0.0.1:65536',
    'unix:',
    'unix:rel',
    'example.org:1',
    '127.0.0.1.evil.example:1',
  ])('stops listening where others could reach it without TLS: %s', (text) => {
    expect(() => parseListenAddress(text)).toThrow(expect.objectContaining({ code: 'SOEN_LISTEN_INVALID' }))
  })
})
