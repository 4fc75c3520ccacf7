import { HostError, type HostErrorCode } from '../errors.ts'

const causes: readonly {
  readonly sign: RegExp
  readonly code: HostErrorCode
  readonly what: string
  readonly hint: string
}[] = [
  {
    sign: /ENOSPC|No space left on device|os error 28|not enough free space/i,
    code: 'SOEN_DISK_FULL',
    what: 'The disk of the machine is full.',
    hint: 'Free about 3 GB on it (what is large: sudo du -xh / | sort -h | tail), then deploy again: it goes on where it stopped.',
  },
  {
    sign: /EROFS|Read-only file system/i,
    code: 'SOEN_READ_ONLY_ROOT',
    what: 'The disk of the machine can only be read.',
    hint: 'Find out why (sudo dmesg | tail), mend it, and remount: sudo mount -o remount,rw /',
  },
  {
    sign: /Could not get lock|Unable to (acquire|lock)|dpkg frontend lock/i,
    code: 'SOEN_APT_LOCKED',
    what: "Another program holds the machine's package manager.",
    hint: 'See which (ps -C apt,apt-get,dpkg,unattended-upgr), wait for its end, then deploy again.',
  },
  {
    sign: /Temporary failure resolving|Unable to fetch|Failed to fetch|dns error|Could not connect/i,
    code: 'SOEN_HOST_OFFLINE',
    what: 'The machine does not reach the package registries.',
    hint: 'Mend its network or name server, or carry the packages to it: soen deploy --offline-bundle FILE.',
  },
]

/** Wraps an error in one that names what is behind it, where that is known; the error itself becomes the cause. */
export function namedCause(error: unknown): unknown {
  const said = chainOf(error).join('\n')
  const known = causes.find(({ sign }) => sign.test(said))
  return known === undefined
    ? error
    : new HostError(known.what, { code: known.code, hint: known.hint, cause: error })
}

/** The messages of an error and of its causes, outermost first. */
export function chainOf(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return typeof error === 'string' ? [error] : []
  return [error.message, ...chainOf(error.cause)]
}
