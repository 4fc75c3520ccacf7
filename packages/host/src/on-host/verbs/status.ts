import { readStatus, type ServerStatus } from '../status.ts'
import type { Verb } from '../verb.ts'

/** Everything about the server that fits on one screen. */
export const status: Verb<object, ServerStatus> = {
  fields: {},
  run: (_request, { machine }) => readStatus(machine),
}
