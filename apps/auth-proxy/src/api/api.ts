import { touchedByApi } from '../audit/touched.ts'
import { AuthProxyError, errorBody } from '../errors.ts'
import { checkCsrf } from '../identity/csrf.ts'
import type { Identity } from '../identity/open-identity.ts'
import { Refusal } from '../refusals.ts'
import { openApiDocument } from './openapi.ts'
import { requireManager } from './permissions.ts'
import { routesAt } from './routes.ts'
import type { SiteAnswer, SiteRequest } from './site-request.ts'

/** Answers a request below `/_soen/api/`, or of MLflow's own account page. What was typed wrong is answered in words. */
export async function answerApi(identity: Identity, request: SiteRequest): Promise<SiteAnswer> {
  try {
    return await answerRoute(identity, request)
  } catch (error) {
    if (error instanceof Refusal || !(error instanceof AuthProxyError)) throw error
    return answerFailure(error)
  }
}

async function answerRoute(identity: Identity, request: SiteRequest): Promise<SiteAnswer> {
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  if (request.path === '/_soen/api/openapi.json' && isRead) return json(200, openApiDocument())
  const found = routesAt(request.path)
  if (found.length === 0) throw new Refusal('SOEN_NOT_FOUND')
  const principal = await request.authenticate()
  const match = found.find(({ route }) => route.method === (isRead ? 'GET' : request.method))
  if (match === undefined) throw new Refusal('SOEN_METHOD_NOT_ALLOWED')
  const { route, params } = match
  if (!isRead) checkCsrf(principal, request.headers)
  if (route.access === 'admin') requireManager(principal)

  const body = route.input === undefined ? undefined : await readJson(request)
  const { query, client, auditFolder } = request
  const call = { identity, principal, params, query, address: client.address, auditFolder }
  const result = await route.handle(call, body)
  const answer = route.output === undefined ? { status: 204, headers: {}, body: '' } : json(200, result)
  return isRead ? answer : { ...answer, touched: touchedByApi(route.path, params, body, result) }
}

function answerFailure(error: AuthProxyError): SiteAnswer {
  const isUnknown = error.code.endsWith('_UNKNOWN')
  const errorCode = isUnknown ? 'RESOURCE_DOES_NOT_EXIST' : 'INVALID_PARAMETER_VALUE'
  return { ...json(isUnknown ? 404 : 400, errorBody(errorCode, error)), code: error.code }
}

async function readJson({ headers, readBody }: SiteRequest): Promise<unknown> {
  // Exactly this type: a form of another site could send any other one without being asked.
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

function json(status: number, value: unknown): SiteAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(value),
  }
}
