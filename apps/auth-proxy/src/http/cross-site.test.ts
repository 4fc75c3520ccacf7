import { describe, expect, it } from 'vitest'
import { checkSameSite } from './cross-site.ts'

const host = 'mlflow.example.org'
const plain = { isSecure: false }
const byTls = { isSecure: true }

describe('checkSameSite', () => {
  it('lets programs through, which send neither Origin nor Sec-Fetch-Site', () => {
    expect(() => checkSameSite('POST', { host }, byTls)).not.toThrow()
  })

  it.each([
    { 'sec-fetch-site': 'same-origin', origin: `https://${host}` },
    { 'sec-fetch-site': 'none' },
    { origin: `https://${host}:443` },
    { origin: `https://${host}`, host: `${host}:443` },
    { origin: `https://${host}:8443`, host: `${host}:8443` },
    { origin: `https://${host}`, host: host.toUpperCase() },
  ])("lets the server's own page through: %o", (headers) => {
    expect(() => checkSameSite('POST', { host, ...headers }, byTls)).not.toThrow()
  })

  it.each([
    { origin: `http://${host}` },
    { origin: `http://${host}`, host: `${host}:80` },
    { origin: 'http://127.0.0.1:5500', host: '127.0.0.1:5500' },
    { origin: 'http://[::1]:5500', host: '[::1]:5500' },
    // A TLS proxy that the settings do not mention.
    { origin: `https://${host}` },
  ])('lets its own page through without TLS: %o', (headers) => {
    expect(() => checkSameSite('POST', { host, ...headers }, plain)).not.toThrow()
  })

  it.each([
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'Same-Origin, cross-site' },
    { origin: 'https://evil.example' },
    { origin: `https://${host}.evil.example` },
    { origin: `https://${host}:8443` },
    { origin: `ftp://${host}` },
    { origin: 'null' },
    { origin: '' },
    { 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' },
  ])('stops a change made by a foreign page: %o', (headers) => {
    for (const client of [plain, byTls]) {
      expect(() => checkSameSite('POST', { host, ...headers }, client)).toThrow(
        expect.objectContaining({ code: 'SOEN_CROSS_SITE' }),
      )
    }
  })

  it.each([
    { origin: `http://${host}` },
    { origin: `http://${host}:443`, host: `${host}:443` },
    { origin: `http://${host}:80` },
  ])('stops a page that came unencrypted, so that anybody could write it: %o', (headers) => {
    expect(() => checkSameSite('POST', { host, ...headers }, byTls)).toThrow(
      expect.objectContaining({ code: 'SOEN_CROSS_SITE' }),
    )
  })

  it('lets links from elsewhere read', () => {
    expect(() => checkSameSite('GET', { host, 'sec-fetch-site': 'cross-site' }, byTls)).not.toThrow()
  })
})
