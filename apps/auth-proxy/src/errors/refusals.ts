import type { RefusalCode } from './error-codes.ts'
import { AuthProxyError, errorBody } from './auth-proxy-error.ts'

/** How a refusal is answered. */
export interface RefusalKind {
  readonly status: number
  /** MLflow's own error code: its clients and its page show `message` beside it. */
  readonly errorCode: string
  readonly message: string
  readonly hint: string
  readonly headers?: Readonly<Record<string, string>>
}

// For programs only: a browser would answer it with a password dialogue of its own, so it gets our page instead.
const challenge = { 'www-authenticate': 'Basic realm="SOEN MLflow", charset="UTF-8"' }

/**
 * Every error response of the front door, by code. Wrong passwords are never answered with 429: MLflow's
 * clients retry that status for minutes, which looks like a training job that hangs. Failures that may last
 * have no `Retry-After`: with it those clients give up after seven such pauses, without it their back-off
 * grows to four minutes.
 */
export const refusals: Readonly<Record<RefusalCode, RefusalKind>> = {
  SOEN_LOGIN_MISSING: {
    status: 401,
    errorCode: 'UNAUTHENTICATED',
    message: 'This server needs a user name and a password.',
    hint: 'Set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or sign in when the browser asks.',
    headers: challenge,
  },
  SOEN_LOGIN_MALFORMED: {
    status: 401,
    errorCode: 'UNAUTHENTICATED',
    message: 'The Authorization header cannot be read.',
    hint: 'Send HTTP Basic: base64 of "user:password" in UTF-8, both parts non-empty.',
    headers: challenge,
  },
  SOEN_LOGIN_WRONG: {
    status: 401,
    errorCode: 'UNAUTHENTICATED',
    message: 'The user name or the password is wrong.',
    hint: 'Check both, or ask an admin to set a new password for you.',
    headers: challenge,
  },
  SOEN_LOGIN_LOCKED: {
    status: 401,
    errorCode: 'UNAUTHENTICATED',
    message: 'Too many wrong passwords were tried.',
    hint: 'API tokens and open sessions still work; an admin can lift it: soen user unlock NAME.',
    headers: challenge,
  },
  SOEN_LOGIN_ENDED: {
    status: 401,
    errorCode: 'UNAUTHENTICATED',
    message: 'This account is switched off, or its shared password has ended.',
    hint: 'Ask an admin for an account of your own.',
    headers: challenge,
  },
  SOEN_TOKEN_MISTYPED: {
    status: 401,
    errorCode: 'UNAUTHENTICATED',
    message: 'This API token is incomplete or mistyped: its checksum is wrong.',
    hint: 'Copy it again in full, or make a new one on the page /_soen/account.',
    headers: challenge,
  },
  SOEN_TOKEN_WRONG: {
    status: 401,
    errorCode: 'UNAUTHENTICATED',
    message: 'This API token is not known, or was revoked.',
    hint: 'Make a new one on the page /_soen/account.',
    headers: challenge,
  },
  SOEN_TOKEN_EXPIRED: {
    status: 401,
    errorCode: 'UNAUTHENTICATED',
    message: 'This API token has expired.',
    hint: 'Make a new one on the page /_soen/account.',
    headers: challenge,
  },
  SOEN_SESSION_OVER: {
    status: 401,
    errorCode: 'UNAUTHENTICATED',
    message: 'This browser session is over.',
    hint: 'Sign in again at /_soen/sign-in.',
    headers: challenge,
  },
  SOEN_SIGNED_OUT: {
    status: 401,
    errorCode: 'UNAUTHENTICATED',
    message: 'You are signed out.',
    hint: 'Sign in again at /_soen/sign-in.',
    headers: challenge,
  },
  SOEN_STATE_AWAY: {
    status: 503,
    errorCode: 'TEMPORARILY_UNAVAILABLE',
    message: 'The front door has not been able to read its state for more than a minute.',
    hint: 'Nobody is let in on old knowledge. On the server, the log names the cause.',
  },
  SOEN_AUDIT_AWAY: {
    status: 503,
    errorCode: 'TEMPORARILY_UNAVAILABLE',
    message: 'This cannot be undone and could not be put on record, so it was not done.',
    hint: 'On the server, the log names the cause: a full disk, or a database that is away.',
  },
  SOEN_STATE_FAILED: {
    status: 503,
    errorCode: 'TEMPORARILY_UNAVAILABLE',
    message: 'The front door can neither read nor change its state at this moment.',
    hint: 'Try again shortly. On the server, the log names the cause: a database that is down, a full disk.',
  },
  SOEN_CSRF_TOKEN: {
    status: 403,
    errorCode: 'PERMISSION_DENIED',
    message: 'This change does not come from a page of this server.',
    hint: 'Load the page anew and repeat it; programs sign in with an API token instead of a cookie.',
  },
  SOEN_ADMIN_ONLY: {
    status: 403,
    errorCode: 'PERMISSION_DENIED',
    message: 'Only an admin with an account of their own may do this.',
    hint: 'Ask one; a shared password manages nothing.',
  },
  SOEN_TOKEN_NOT_ENOUGH: {
    status: 403,
    errorCode: 'PERMISSION_DENIED',
    message: 'An API token alone may not do this.',
    hint: 'Sign in with your password: a stolen token must not make others, or shut anybody out.',
  },
  SOEN_OWN_ACCOUNT: {
    status: 409,
    errorCode: 'INVALID_STATE',
    message: 'Admins do not change or remove their own account.',
    hint: 'Let another admin do it, so that one always remains. Your own password: /_soen/account.',
  },
  SOEN_API_BODY: {
    status: 400,
    errorCode: 'INVALID_PARAMETER_VALUE',
    message: 'The body of this request is not what is expected here.',
    hint: 'See /_soen/api/openapi.json.',
  },
  SOEN_FORM_TOO_LARGE: {
    status: 413,
    errorCode: 'BAD_REQUEST',
    message: 'The body of this request is larger than 64 kB.',
    hint: 'No form of the front door needs that much.',
  },
  SOEN_NO_USERS: {
    status: 401,
    errorCode: 'UNAUTHENTICATED',
    message: 'This server has no user yet, so nobody can sign in.',
    hint: 'On the server, make the first admin: soen-auth-proxy user set NAME --role admin --state FILE.',
    headers: challenge,
  },
  SOEN_LOGIN_BUSY: {
    status: 503,
    errorCode: 'TEMPORARILY_UNAVAILABLE',
    message: 'Too many passwords are being checked at this moment.',
    hint: 'Try again in a second.',
    headers: { 'retry-after': '1' },
  },
  SOEN_CHECK_FAILED: {
    status: 500,
    errorCode: 'INTERNAL_ERROR',
    message: 'The front door could not check this request, so it was not let in.',
    hint: 'Tell an admin; the request id in the X-Request-Id header finds it in the log.',
  },
  SOEN_HOST_NOT_ALLOWED: {
    status: 403,
    errorCode: 'PERMISSION_DENIED',
    message: 'This server does not answer to that Host name.',
    hint: 'Use the address you were given, or let an admin allow the name (--allowed-host).',
  },
  SOEN_CROSS_SITE: {
    status: 403,
    errorCode: 'PERMISSION_DENIED',
    message: 'A page of another site tried to change something here.',
    hint: 'Open the server itself in the browser and repeat it there.',
  },
  SOEN_PATH_NOT_CANONICAL: {
    status: 400,
    errorCode: 'BAD_REQUEST',
    message: 'The path or query of this request can be read in more than one way.',
    hint: 'Send plain path segments in UTF-8: no "..", "//", "\\" or ";", no encoded "/" or ".". Names of artifacts may hold all but "..".',
  },
  SOEN_NAME_TOO_LONG: {
    status: 400,
    errorCode: 'INVALID_PARAMETER_VALUE',
    message: 'A file or folder of this artifact has a name of more than 255 bytes.',
    hint: 'Give it a shorter one: no file system takes more, and letters outside ASCII have two to four bytes each.',
  },
  SOEN_NAME_TAKEN: {
    status: 409,
    errorCode: 'RESOURCE_ALREADY_EXISTS',
    message: 'No file can be put there.',
    hint: 'Give it another name, or another folder.',
  },
  SOEN_REQUEST_AMBIGUOUS: {
    status: 400,
    errorCode: 'BAD_REQUEST',
    message: 'This request can be read in more than one way.',
    hint: 'Send each header once, and no body with GET or HEAD.',
  },
  SOEN_REQUEST_MALFORMED: {
    status: 400,
    errorCode: 'BAD_REQUEST',
    message: 'This is not a well-formed HTTP request.',
    hint: 'Check the client or the proxy in between.',
  },
  SOEN_URL_TOO_LONG: {
    status: 414,
    errorCode: 'BAD_REQUEST',
    message: 'The address of this request is longer than 8 kB.',
    hint: 'Ask for fewer things at once.',
  },
  SOEN_HEADERS_TOO_LARGE: {
    status: 431,
    errorCode: 'BAD_REQUEST',
    message: 'The headers of this request are more than 100, or larger than 16 kB.',
    hint: 'Remove cookies or headers that this server does not need.',
  },
  SOEN_METHOD_NOT_ALLOWED: {
    status: 405,
    errorCode: 'BAD_REQUEST',
    message: 'This server does not take that method here.',
    hint: 'MLflow uses GET, HEAD, POST, PUT, PATCH and DELETE.',
    headers: { allow: 'GET, HEAD, POST, PUT, PATCH, DELETE' },
  },
  SOEN_NOT_FOUND: {
    status: 404,
    errorCode: 'ENDPOINT_NOT_FOUND',
    message: 'There is nothing at this path.',
    hint: 'Check the tracking URI: it is the address of the server without a path.',
  },
  SOEN_FEATURE_OFF: {
    status: 403,
    errorCode: 'PERMISSION_DENIED',
    message: 'This part of MLflow is switched off on this server.',
    hint: 'It can run code, reach other systems or manage users, which this server keeps to itself.',
  },
  SOEN_BODY_TOO_LARGE: {
    status: 413,
    errorCode: 'BAD_REQUEST',
    message:
      'The body of this request is larger than MLflow has a use for: 1 to 32 MiB, by the kind of call.',
    hint: 'Split the batch, or upload large data as an artifact.',
  },
  SOEN_BODY_TOO_COMPLEX: {
    status: 413,
    errorCode: 'BAD_REQUEST',
    message: 'The JSON of this request has more than 25,000 values, or nests more than 64 deep.',
    hint: 'Split the batch: MLflow takes 1,000 metrics, 100 parameters and 100 tags at once.',
  },
  SOEN_BODY_ENCODED: {
    status: 415,
    errorCode: 'BAD_REQUEST',
    message: 'MLflow reads no compressed request bodies here, or this one cannot be unpacked.',
    hint: 'Send it without Content-Encoding.',
  },
  SOEN_BODY_TYPE: {
    status: 415,
    errorCode: 'BAD_REQUEST',
    message: 'The Content-Type of this request cannot be read.',
    hint: 'Send application/json for the API.',
  },
  SOEN_BODY_SLOW: {
    status: 408,
    errorCode: 'BAD_REQUEST',
    message: 'The body of this request came slower than 1 kB per second.',
    hint: 'Check the network between you and the server, then send it again.',
  },
  SOEN_BODY_NOT_CANONICAL: {
    status: 400,
    errorCode: 'BAD_REQUEST',
    message: 'The JSON of this request can be read in more than one way.',
    hint: 'Send one object in UTF-8 without NaN, each field once, in one spelling and of its own type.',
  },
  SOEN_ID_NOT_CANONICAL: {
    status: 400,
    errorCode: 'BAD_REQUEST',
    message: 'An id or artifact path of this request can be read in more than one way.',
    hint: 'Write ids as MLflow gave them, the same one everywhere, and paths without "..", "//" or "%2F".',
  },
  SOEN_GRAPHQL_REFUSED: {
    status: 403,
    errorCode: 'PERMISSION_DENIED',
    message: "This GraphQL query is none of those that MLflow's own page sends.",
    hint: 'Ask for the same by the REST API: every part of MLflow is there.',
  },
  SOEN_ROLE_TOO_LOW: {
    status: 403,
    errorCode: 'PERMISSION_DENIED',
    message: 'Your role is not enough for this.',
    hint: 'Ask an admin for another role, or somebody who has it to do this for you.',
  },
  SOEN_LOCATION_ADMIN_ONLY: {
    status: 403,
    errorCode: 'PERMISSION_DENIED',
    message: 'Only an admin may say where the artifacts of an experiment are kept.',
    hint: 'Leave artifact_location out: the server then keeps them in its own store.',
  },
  SOEN_SOURCE_NOT_ALLOWED: {
    status: 403,
    errorCode: 'PERMISSION_DENIED',
    message: 'A model version may come only from this server.',
    hint: 'Log the model first, then register it from runs:/, models:/ or mlflow-artifacts:/.',
  },
  SOEN_PLACE_TAG_REFUSED: {
    status: 403,
    errorCode: 'PERMISSION_DENIED',
    message: 'Only MLflow itself says where the files of a trace are kept.',
    hint: 'Leave these tags out: mlflow.artifactLocation, mlflow.trace.spansLocation, mlflow.trace.archiveLocation.',
  },
  SOEN_OWNER_TAG_ADMIN_ONLY: {
    status: 403,
    errorCode: 'PERMISSION_DENIED',
    message: 'Only an admin may change whose run or model it is (mlflow.user).',
    hint: 'Use a tag of your own; the front door writes who creates it.',
  },
  SOEN_REVIEW_QUEUE_OF_OTHERS: {
    status: 403,
    errorCode: 'PERMISSION_DENIED',
    message: 'A viewer has a review queue under the own name only.',
    hint: 'Ask a member, who may make one for others.',
  },
  SOEN_MLFLOW_DOWN: {
    status: 503,
    errorCode: 'TEMPORARILY_UNAVAILABLE',
    message: 'MLflow does not answer at this moment.',
    hint: 'It may be starting: try again shortly. On the server, soen status and soen logs tell more.',
  },
  SOEN_MLFLOW_BROKE_OFF: {
    status: 502,
    errorCode: 'TEMPORARILY_UNAVAILABLE',
    message: 'MLflow broke off before it answered.',
    hint: 'Try again; if it comes back, soen logs on the server tells why.',
  },
  SOEN_MLFLOW_SLOW: {
    status: 504,
    errorCode: 'TEMPORARILY_UNAVAILABLE',
    message: 'MLflow sent nothing for too long.',
    hint: 'Ask for less at once, or try again later.',
  },
  SOEN_MLFLOW_BUSY: {
    status: 503,
    errorCode: 'TEMPORARILY_UNAVAILABLE',
    message:
      'MLflow has as many requests as it takes at once, and within half a minute it was not the turn of this one.',
    hint: 'Try again; if it comes back, soen logs on the server tells who asks for so much.',
  },
  // MLflow's clients retry it like any 503, and rightly: once some of the other transfers have ended, it succeeds.
  SOEN_TRANSFER_ENDED: {
    status: 503,
    errorCode: 'TEMPORARILY_UNAVAILABLE',
    message: 'This upload was the slowest of many under your name, and others waited for a place.',
    hint: 'Send it again with fewer at once: while others wait, who has the most transfers loses the slowest.',
  },
  SOEN_TOO_MANY_AT_ONCE: {
    status: 503,
    errorCode: 'TEMPORARILY_UNAVAILABLE',
    message:
      'Many requests under your name are open at once, and within half a minute it was not the turn of this one.',
    hint: 'Let some end first: a user has 64 transfers of files and 84 other calls at a time.',
  },
}

/** An error that ends a request with a response in MLflow's error shape. */
export class Refusal extends AuthProxyError {
  override readonly name = 'Refusal'
  readonly status: number
  readonly errorCode: string
  readonly headers: Readonly<Record<string, string>>
  /** The message without the detail, which may repeat user input. */
  readonly general: string

  /** `detail` is a sentence about this one case, for instance until when it lasts. */
  constructor(code: RefusalCode, cause?: unknown, detail?: string) {
    const kind = refusals[code]
    const message = detail === undefined ? kind.message : `${kind.message} ${detail}`
    super({ code, message, hint: kind.hint, cause })
    this.status = kind.status
    this.general = kind.message
    this.errorCode = kind.errorCode
    this.headers = kind.headers ?? {}
  }

  /** The JSON text of the body that MLflow's clients expect. */
  get body(): string {
    return JSON.stringify(errorBody(this.errorCode, this))
  }
}
