/*
 * Every operation that the program on the machine offers, one line each: the exported name is the `verb` of a
 * request. `protocol.ts` derives the types of requests and responses from this list.
 */
export { allow } from './verbs/allow.ts'
export { api } from './verbs/api.ts'
export { apply } from './verbs/apply.ts'
export { certificate } from './verbs/certificate.ts'
export { destroy } from './verbs/destroy.ts'
export { eject } from './verbs/eject.ts'
export { expire } from './verbs/expire.ts'
export { restart } from './verbs/restart.ts'
export { status } from './verbs/status.ts'
export { support } from './verbs/support.ts'
