/** Node's crypto, loaded when it is first needed: that takes as long as half of this package. */
export function lazyCrypto(): typeof import('node:crypto') {
  return process.getBuiltinModule('node:crypto')
}
