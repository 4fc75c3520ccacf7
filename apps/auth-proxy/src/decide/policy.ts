import type { JsonObject, JsonValue } from '../canonical/strict-json.ts'
import type { RefusalCode } from '../errors/error-codes.ts'
import type { User } from '../identity/user.ts'

/** A rule about what a body says, on top of who may call the route at all. */
export interface Policy {
  readonly name: string
  readonly routes: ReadonlySet<string>
  readonly code: RefusalCode
  readonly reason: string
  readonly isBroken: (user: User, body: JsonObject, params: Readonly<Record<string, string>>) => boolean
}

/** Whether a field says anything: an empty text is what protobuf calls unset. */
export function isSet(value: JsonValue | undefined): value is JsonValue {
  return value !== undefined && value !== null && value !== ''
}
