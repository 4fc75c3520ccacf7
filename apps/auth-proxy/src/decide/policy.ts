import type { JsonObject, JsonValue } from '../canonical/strict-json.ts'
import type { RefusalCode } from '../errors/error-codes.ts'
import type { User } from '../identity/user.ts'

/** A restriction on a route's body, in addition to the role that the route requires. */
export interface Policy {
  readonly name: string
  readonly routes: ReadonlySet<string>
  readonly code: RefusalCode
  readonly reason: string
  readonly isBroken: (user: User, body: JsonObject, params: Readonly<Record<string, string>>) => boolean
}

/** Whether a field is set: protobuf treats an empty text as unset. */
export function isSet(value: JsonValue | undefined): value is JsonValue {
  return value !== undefined && value !== null && value !== ''
}
