import { touchedByApi } from '../audit/touched.ts'
import { json, notThere } from '../destination/answers.ts'
import { own } from '../destination/own-route.ts'
import type { OwnAnswer, OwnRequest, OwnRoute } from '../destination/own-route.ts'
import { AuthProxyError, errorBody } from '../errors/auth-proxy-error.ts'
import { Refusal } from '../errors/refusals.ts'
import { isSafeMethod } from '../http/limits.ts'
import { checkCsrf } from '../identity/csrf.ts'
import type { Identity } from '../identity/open-identity.ts'
import { requireAdmin } from '../actions/permissions.ts'
import type { ApiRoute } from './api-route.ts'
import { mlflowAccountRoutes } from './mlflow-account.ts'
import { openApiDocument } from './openapi.ts'
import { apiRoutes } from './routes.ts'

/** What the API works on. */
export interface ApiPlace {
  readonly identity: Identity
  /** The folder of the audit's files, if there is one. */
  readonly auditFolder?: string | undefined
  /** The folder with the signed heads of its chains. */
  readonly auditSignatures?: string | undefined
}

const prefix = '/_soen/api/'

/** Everything below `/_soen/api/`, and the routes that MLflow's own account page calls. */
export function apiDestinations(place: ApiPlace): readonly OwnRoute[] {
  const all = [...apiRoutes, ...mlflowAccountRoutes]
  const paths = [...new Set(all.map(({ path }) => path))]
  return [
    ...all.map((route) => callRoute(place, route)),
    ...paths.map((path) => own({ method: '*', path, recordedBy: 'page', answer: otherMethod })),
    own({ method: 'GET', path: `${prefix}openapi.json`, recordedBy: 'page', answer: description }),
    own({ method: '*', path: prefix, recordedBy: 'page', answer: notThere }),
    own({ method: '*', path: `${prefix}{rest:path}`, recordedBy: 'page', answer: notThere }),
  ]
}

function callRoute(place: ApiPlace, route: ApiRoute): OwnRoute {
  const { method, path } = route
  return own({ method, path, recordedBy: 'path', answer: (request) => answerCall(place, route, request) })
}

const description: OwnRoute['answer'] = async () => json(200, openApiDocument())

/** Only a signed-in caller learns which methods a path has. */
const otherMethod: OwnRoute['answer'] = async ({ authenticate }) => {
  await authenticate()
  throw new Refusal('SOEN_METHOD_NOT_ALLOWED')
}

/** Answers one call; invalid input is answered with an explanation. */
async function answerCall(place: ApiPlace, route: ApiRoute, request: OwnRequest): Promise<OwnAnswer> {
  try {
    return await handle(place, route, request)
  } catch (error) {
    if (error instanceof Refusal || !(error instanceof AuthProxyError)) throw error
    return answerFailure(error)
  }
}

async function handle(place: ApiPlace, route: ApiRoute, request: OwnRequest): Promise<OwnAnswer> {
  const { params, query, client } = request
  const principal = await request.authenticate()
  const isRead = isSafeMethod(request.method)
  if (!isRead) checkCsrf(principal, request.headers)
  if (route.access === 'admin') requireAdmin(principal)

  const body = route.input === undefined ? undefined : await readJson(request)
  const result = await route.handle({ ...place, principal, params, query, address: client.address }, body)
  const answer = route.output === undefined ? { status: 204, headers: {}, body: '' } : json(200, result)
  return isRead ? answer : { ...answer, touched: touchedByApi(route.path, params, body, result) }
}

function answerFailure(error: AuthProxyError): OwnAnswer {
  const isUnknown = error.code.endsWith('_UNKNOWN')
  const errorCode = isUnknown ? 'RESOURCE_DOES_NOT_EXIST' : 'INVALID_PARAMETER_VALUE'
  return { ...json(isUnknown ? 404 : 400, errorBody(errorCode, error)), code: error.code }
}

async function readJson({ headers, readBody }: OwnRequest): Promise<unknown> {
  // Exactly this type: a form on another site could send any of the others without a CORS preflight.
  if (!/^application\/json(?:; *charset=utf-8)?$/i.test(headers['content-type'] ?? '')) {
    throw new Refusal('SOEN_BODY_TYPE')
  }
  const text = await readBody()
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Refusal('SOEN_API_BODY', error, 'It is not JSON.')
  }
}
