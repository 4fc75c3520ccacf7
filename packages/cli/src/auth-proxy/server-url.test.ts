import { expect, test } from 'vitest'
import { parseServerUrl } from './server-url.ts'

test.each([
  ['mlflow.example.org', 'https://mlflow.example.org'],
  ['https://MLflow.example.org/', 'https://mlflow.example.org'],
  ['https://example.org/mlflow//', 'https://example.org/mlflow'],
  ['http://127.0.0.1:5500', 'http://127.0.0.1:5500'],
  ['http://localhost:5500/', 'http://localhost:5500'],
])('reads %s as %s', (text, url) => {
  expect(parseServerUrl(text)).toBe(url)
})

test.each([
  ['ftp://example.org', 'SOEN_SERVER_URL_INVALID'],
  ['https://', 'SOEN_SERVER_URL_INVALID'],
  ['https://example.org/?a=b', 'SOEN_SERVER_URL_INVALID'],
  ['https://ada:s3cret@example.org', 'SOEN_SERVER_URL_INVALID'],
  ['ada:s3cret@exa mple', 'SOEN_SERVER_URL_INVALID'],
  ['http://mlflow.example.org', 'SOEN_SERVER_NOT_ENCRYPTED'],
  ['http://127.0.0.1.evil.example', 'SOEN_SERVER_NOT_ENCRYPTED'],
])('refuses %s, and repeats no password', (text, code) => {
  expect(() => parseServerUrl(text)).toThrow(
    expect.objectContaining({ code, message: expect.not.stringContaining('s3cret') }),
  )
})

test('sends a password in the clear only where that was asked for', () => {
  expect(parseServerUrl('http://10.0.0.2:5000', { plainHttp: true })).toBe('http://10.0.0.2:5000')
})
