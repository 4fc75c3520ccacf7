import { describe, expect, it } from 'vitest'
import { checkHost, parseAllowedHost } from './host.ts'

const allowed = new Set(['mlflow.example.org'])

describe('checkHost', () => {
  it.each([
    'localhost',
    'LOCALHOST:5000',
    '127.0.0.1:1',
    '[::1]:65535',
    'mlflow.example.org',
    'MLflow.example.org:443',
  ])('lets %s in', (header) => {
    expect(() => checkHost(header, allowed)).not.toThrow()
  })

  it.each([
    undefined,
    '',
    'evil.example',
    'localhost.evil.example',
    'evil.example:5000',
    'mlflow.example.org.',
    'mlflow.example.org@evil.example',
    'mlflow.example.org:443:443',
    'mlflow.example.org:',
    'mlflow.example.org evil.example',
    '127.0.0.2',
    '0.0.0.0',
    '[::1',
  ])('stops a rebound or odd name: %s', (header) => {
    expect(() => checkHost(header, allowed)).toThrow(
      expect.objectContaining({ code: 'SOEN_HOST_NOT_ALLOWED' }),
    )
  })
})

describe('parseAllowedHost', () => {
  it('takes a name in any case', () => {
    expect(parseAllowedHost('MLflow.Example.org')).toBe('mlflow.example.org')
  })

  it.each(['', 'mlflow.example.org:443', 'https://mlflow.example.org', '*.example.org', 'a b'])(
    'refuses %j, which no Host header could ever match',
    (text) => {
      expect(() => parseAllowedHost(text)).toThrow(
        expect.objectContaining({ code: 'SOEN_ALLOWED_HOST_INVALID' }),
      )
    },
  )
})
