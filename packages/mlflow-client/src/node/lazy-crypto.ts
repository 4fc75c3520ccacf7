import type * as Crypto from 'node:crypto'

/** Node's crypto, loaded when it is first needed: that takes as long as half of this package. */
export function lazyCrypto(): typeof Crypto {
  return process.getBuiltinModule('node:crypto')
}
