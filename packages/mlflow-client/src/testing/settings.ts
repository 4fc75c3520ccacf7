import type { ServerSettings } from '../settings/settings.ts'

/** Settings for tests: no credentials, and very short timeouts. */
export function testSettings(
  trackingUri: string,
  spoolDir: string,
  extra: Partial<ServerSettings> = {},
): ServerSettings {
  return {
    active: true,
    target: 'server',
    trackingUri,
    credentials: undefined,
    experiment: 'tests',
    identity: { member: 'ann' },
    keepSlashes: false,
    spoolDir,
    retry: { timeoutMs: 5000, maxRetries: 7, baseDelayMs: 2, maxDelayMs: 10, respectRetryAfter: true },
    ...extra,
  }
}
