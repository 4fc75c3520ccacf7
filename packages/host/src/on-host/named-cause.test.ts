import { expect, test } from 'vitest'
import { HostError } from '../errors.ts'
import { chainOf, namedCause } from './named-cause.ts'

const failed = (said: string): HostError =>
  new HostError('packages nftables could not be made as planned.', {
    code: 'SOEN_RESOURCE_FAILED',
    hint: 'Mend what it names.',
    cause: new Error(said),
  })

test.each([
  ["ENOSPC: no space left on device, write '/opt/soen/bin/.node.soen-new'", 'SOEN_DISK_FULL'],
  [
    "E: You don't have enough free space in /var/cache/apt/archives/.\nE: not enough free space",
    'SOEN_DISK_FULL',
  ],
  ["EROFS: read-only file system, mkdir '/opt/soen'", 'SOEN_READ_ONLY_ROOT'],
  [
    'E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 4711 (unattended-upgr)',
    'SOEN_APT_LOCKED',
  ],
  [
    "W: Failed to fetch http://deb.debian.org/debian  Temporary failure resolving 'deb.debian.org'",
    'SOEN_HOST_OFFLINE',
  ],
])('names what is behind «%s», and keeps the words', (said, code) => {
  const named = namedCause(failed(said))
  expect(named).toMatchObject({ code, hint: expect.any(String) })
  expect(chainOf(named)).toContain(said)
})

test('leaves an error that it does not know as it is', () => {
  const error = failed('nobody expected this')
  expect(namedCause(error)).toBe(error)
})
