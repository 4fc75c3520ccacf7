/** Refusals of a caller: not authenticated, not permitted, or no answer from upstream. */
const accessCodes = [
  'SOEN_LOGIN_MISSING',
  'SOEN_LOGIN_WRONG',
  'SOEN_LOGIN_LOCKED',
  'SOEN_LOGIN_ENDED',
  'SOEN_TOKEN_MISTYPED',
  'SOEN_TOKEN_WRONG',
  'SOEN_TOKEN_EXPIRED',
  'SOEN_SESSION_OVER',
  'SOEN_SIGNED_OUT',
  'SOEN_STATE_AWAY',
  'SOEN_STATE_FAILED',
  'SOEN_AUDIT_AWAY',
  'SOEN_ADMIN_ONLY',
  'SOEN_TOKEN_NOT_ENOUGH',
  'SOEN_OWN_ACCOUNT',
  'SOEN_NO_USERS',
  'SOEN_LOGIN_BUSY',
  'SOEN_CHECK_FAILED',
  'SOEN_FEATURE_OFF',
  'SOEN_ROLE_TOO_LOW',
  'SOEN_LOCATION_ADMIN_ONLY',
  'SOEN_SOURCE_NOT_ALLOWED',
  'SOEN_PLACE_TAG_REFUSED',
  'SOEN_OWNER_TAG_ADMIN_ONLY',
  'SOEN_REVIEW_QUEUE_OF_OTHERS',
  'SOEN_MLFLOW_DOWN',
  'SOEN_MLFLOW_BROKE_OFF',
  'SOEN_MLFLOW_SLOW',
] as const

/** Refusals of a request for its form, its origin or its rate. */
const requestCodes = [
  'SOEN_API_BODY',
  'SOEN_FORM_TOO_LARGE',
  'SOEN_HOST_NOT_ALLOWED',
  'SOEN_PATH_NOT_CANONICAL',
  'SOEN_NAME_TOO_LONG',
  'SOEN_NAME_TAKEN',
  'SOEN_REQUEST_AMBIGUOUS',
  'SOEN_REQUEST_MALFORMED',
  'SOEN_URL_TOO_LONG',
  'SOEN_HEADERS_TOO_LARGE',
  'SOEN_METHOD_NOT_ALLOWED',
  'SOEN_NOT_FOUND',
  'SOEN_BODY_TOO_LARGE',
  'SOEN_BODY_TOO_COMPLEX',
  'SOEN_BODY_ENCODED',
  'SOEN_BODY_TYPE',
  'SOEN_BODY_SLOW',
  'SOEN_BODY_NOT_CANONICAL',
  'SOEN_ID_NOT_CANONICAL',
  'SOEN_GRAPHQL_REFUSED',
  'SOEN_LOGIN_MALFORMED',
  'SOEN_CROSS_SITE',
  'SOEN_CSRF_TOKEN',
  'SOEN_TOO_MANY_AT_ONCE',
  'SOEN_TRANSFER_ENDED',
  'SOEN_MLFLOW_BUSY',
] as const

/** Why a request was refused, or not answered by MLflow. */
export type RefusalCode = (typeof accessCodes)[number] | (typeof requestCodes)[number]

/** All refusal codes. */
export const refusalCodes: readonly RefusalCode[] = [...accessCodes, ...requestCodes]

/** Why a command failed. */
export const programErrorCodes = [
  'SOEN_ALLOWED_HOST_INVALID',
  'SOEN_AUDIT_FILTER_INVALID',
  'SOEN_AUDIT_FOLDER',
  'SOEN_AUDIT_KEEP_INVALID',
  'SOEN_LISTEN_FAILED',
  'SOEN_LISTEN_INVALID',
  'SOEN_PASSWORD_HASH_UNREADABLE',
  'SOEN_PASSWORD_INVALID',
  'SOEN_PORT_BUSY',
  'SOEN_SESSION_UNKNOWN',
  'SOEN_SETTINGS_INVALID',
  'SOEN_SETTINGS_MISSING',
  'SOEN_SETTINGS_SYNTAX',
  'SOEN_SETTINGS_UNKNOWN_KEY',
  'SOEN_SETUP_FILE',
  'SOEN_LEGACY_DATE_INVALID',
  'SOEN_STATE_MISSING',
  'SOEN_STATE_UNUSABLE',
  'SOEN_STATE_URL_HAS_PASSWORD',
  'SOEN_TOKEN_EXPIRY_INVALID',
  'SOEN_TOKEN_NAME_INVALID',
  'SOEN_TOKEN_OWNER_INVALID',
  'SOEN_TOKEN_UNKNOWN',
  'SOEN_UPSTREAM_INVALID',
  'SOEN_USER_EXISTS',
  'SOEN_USER_NAME_INVALID',
  'SOEN_USER_UNKNOWN',
  'SOEN_WRONG_USE',
] as const

/** Every error code of the front door. Each is also a doctor check and a heading of the troubleshooting page. */
export type ErrorCode = RefusalCode | (typeof programErrorCodes)[number]

/** The pages of the documentation's folder `troubleshooting`, each with the codes that have a section there. */
export const errorPages: Readonly<Record<string, readonly ErrorCode[]>> = {
  'front-door': accessCodes,
  requests: requestCodes,
  'front-door-program': programErrorCodes,
}

const pageOf: ReadonlyMap<ErrorCode, string> = new Map(
  Object.entries(errorPages).flatMap(([page, codes]) => codes.map((code) => [code, page])),
)

/** The page and heading that explain a code, relative to the documentation's root. */
export function docsOf(code: ErrorCode): string {
  return `/troubleshooting/${pageOf.get(code)}/#${code.toLowerCase()}`
}
