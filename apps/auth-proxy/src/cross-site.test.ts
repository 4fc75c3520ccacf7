import { describe, expect, it } from 'vitest'
import { checkSameSite } from './cross-site.ts'

const host = 'mlflow.example.org'

describe('checkSameSite', () => {
  it('lets programs through, which send neither Origin nor Sec-Fetch-Site', () => {
    expect(() => checkSameSite('POST', { host })).not.toThrow()
  })

  it.each([
    { 'sec-fetch-site': 'same-origin', origin: `https://${host}` },
    { 'sec-fetch-site': 'none' },
    { origin: `http://${host}` },
  ])("lets the server's own page through: %o", (headers) => {
    expect(() => checkSameSite('POST', { host, ...headers })).not.toThrow()
  })

  it.each([
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'Same-Origin, cross-site' },
    { origin: 'https://evil.example' },
    { origin: `https://${host}.evil.example` },
    { origin: `https://${host}:8443` },
    { origin: 'null' },
    { origin: '' },
    { 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' },
  ])('stops a change made by a foreign page: %o', (headers) => {
    expect(() => checkSameSite('POST', { host, ...headers })).toThrow(
      expect.objectContaining({ code: 'SOEN_CROSS_SITE' }),
    )
  })

  it('lets links from elsewhere read', () => {
    expect(() => checkSameSite('GET', { host, 'sec-fetch-site': 'cross-site' })).not.toThrow()
  })
})
