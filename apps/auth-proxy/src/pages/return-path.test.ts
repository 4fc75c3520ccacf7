import { expect, it } from 'vitest'
import { returnPath } from './return-path.ts'

it.each(['/', '/_soen/account', '/?a=b', '/get-artifact?path=a%2Fb', '/a//b', '/x?next=https://example.org'])(
  'leads back to %s',
  (path) => {
    expect(returnPath(path)).toBe(path)
  },
)

it.each([
  null,
  '',
  'account',
  'https://evil.example',
  'HTTPS:evil.example',
  'javascript:alert(1)',
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\/evil.example',
  '/\t/evil.example',
  '\t//evil.example',
  ' //evil.example',
  '/\n/evil.example',
  '/a\r\nset-cookie: x=1',
  '/ä',
  '/a\\b',
  `/${'x'.repeat(2000)}`,
  '/_soen/sign-in?return=/',
  '/_soen/sign-out',
  '/_soen/setup',
])('does not lead to %j', (path) => {
  expect(returnPath(path)).toBe('/')
})
