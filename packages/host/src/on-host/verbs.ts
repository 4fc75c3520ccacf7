/*
 * Everything that the program on the machine can be asked for, one line for each: the name here is the `verb` of a
 * request. `protocol.ts` makes of this list the types of requests and answers.
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
