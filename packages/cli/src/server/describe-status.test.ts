import type { CertificateReport } from '@soen/host'
import { expect, test } from 'vitest'
import { describeCertificate, serverScreen } from './describe-status.ts'

const now = Date.parse('2026-11-25T12:00:00Z')
const until = (validTo: string): NonNullable<CertificateReport['served']> => ({
  serial: '1',
  issuer: 'CA',
  validTo,
})
const report = { domain: 'soen.test', mode: 'acme', stored: until('2027-01-01T00:00:00Z') } as const

test.each<[string, Pick<CertificateReport, 'served' | 'isNewestServed'>, string]>([
  ['nobody answers', { served: null, isNewestServed: false }, 'nobody answers on port 443'],
  [
    'all is well',
    { served: until('2027-01-04T12:00:00Z'), isNewestServed: true },
    '40 days left, until 2027-01-04 12:00 UTC, the newest stored one',
  ],
  [
    'a renewed one was never taken over',
    { served: until('2026-11-26T06:00:00Z'), isNewestServed: false },
    '18 hours left, until 2026-11-26 06:00 UTC, but a newer one is stored, until 2027-01-01 00:00 UTC',
  ],
  [
    'it is over',
    { served: until('2026-11-20T12:00:00Z'), isNewestServed: false },
    'expired 5 days ago, until 2026-11-20 12:00 UTC, but a newer one is stored, until 2027-01-01 00:00 UTC',
  ],
])('says of a certificate that %s', (_what, found, expected) => {
  expect(describeCertificate({ ...report, ...found }, now)).toBe(expected)
})

test('says on one screen that a server has no backup', () => {
  const unit = { state: 'active', restarts: 0 }
  const screen = serverScreen(
    'soen.test',
    {
      isDeployed: true,
      health: 'healthy',
      certificate: null,
      loggingNow: [],
      lastDeploy: null,
      units: [
        {
          ...unit,
          name: 'soen-mlflow.service',
        },
      ],
      disk: {
        freeBytes: 5e9,
        totalBytes: 2e10,
      },
      memory: {
        availableBytes: 1e9,
        totalBytes: 2e9,
      },
      backup: null,
    },
    now,
  )
  expect(screen).toContain('Backup       none')
  expect(screen.length).toBeLessThan(24)
})
