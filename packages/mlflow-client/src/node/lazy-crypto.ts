import type * as Crypto from 'node:crypto'

/** Node's crypto, loaded on first use: it takes as long to load as half of this package. */
export function lazyCrypto(): typeof Crypto {
  return process.getBuiltinModule('node:crypto')
}
