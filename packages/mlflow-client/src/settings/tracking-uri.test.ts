import { expect, test } from 'vitest'
import { parseTrackingUri, redactUri } from './tracking-uri.ts'

test.each([
  ['https://mlflow.example.org', 'https://mlflow.example.org'],
  ['https://mlflow.example.org/', 'https://mlflow.example.org'],
  ['http://127.0.0.1:5000/', 'http://127.0.0.1:5000'],
  ['https://example.org/team/mlflow/', 'https://example.org/team/mlflow'],
  ['http://[::1]:5000/sub', 'http://[::1]:5000/sub'],
  ['https://example.org/?x=1#/experiments', 'https://example.org'],
])('reads %s', (text, uri) => {
  expect(parseTrackingUri(text)).toEqual({ uri })
})

test('moves credentials out, percent-decoded', () => {
  expect(parseTrackingUri('https://ann%40lab:p%3Aw%2F%C3%A9@[2001:db8::1]:8443/x')).toEqual({
    uri: 'https://[2001:db8::1]:8443/x',
    username: 'ann@lab',
    password: 'p:w/é',
  })
})

test('takes a password with a lone percent sign as it is', () => {
  expect(parseTrackingUri('https://a:50%@h').password).toBe('50%')
})

test.each(['file:./mlruns', 'file:///abs', 'sqlite:///x.db', 'databricks', './mlruns'])(
  'refuses %s, naming what works',
  (text) => {
    expect(() => parseTrackingUri(text)).toThrow(
      expect.objectContaining({
        code: 'SOEN_UNSUPPORTED_TRACKING_URI',
        hint: expect.stringContaining('https: and file:'),
      }),
    )
  },
)

test('never shows the password of a URI it cannot read', () => {
  for (const text of ['https://admin:s3cr/et@h:99999/', 'ftp://admin:s3cr/et@h']) {
    expect(() => parseTrackingUri(text)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('s3cr') }),
    )
    expect(() => parseTrackingUri(text)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('et@') }),
    )
  }
})

test('redacts up to the last @', () => {
  expect(redactUri('https://u:p@ss/word@host/path')).toBe('https://***@host/path')
  expect(redactUri('https://host/path')).toBe('https://host/path')
})
