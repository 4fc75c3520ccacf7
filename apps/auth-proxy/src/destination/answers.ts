import type { ServerResponse } from 'node:http'
import { Refusal } from '../errors/refusals.ts'
import { own } from './own-route.ts'
import type { OwnAnswer, OwnRoute } from './own-route.ts'

/** A JSON response. */
export function json(status: number, value: unknown, headers: OwnAnswer['headers'] = {}): OwnAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(value),
  }
}

/** A path of ours that can only be read; it replaces whatever MLflow has there. */
export function readOnly(path: string, answer: OwnRoute['answer']): readonly OwnRoute[] {
  return [own({ method: 'GET', path, answer }), own({ method: '*', path, answer: notThere })]
}

/** Answers that there is nothing at this path. */
export const notThere: OwnRoute['answer'] = async () => {
  throw new Refusal('SOEN_NOT_FOUND')
}

/** Writes a response of ours, which no cache may store. */
export function writeAnswer(response: ServerResponse, { status, headers, body }: OwnAnswer): void {
  const length = status === 204 ? {} : { 'content-length': Buffer.byteLength(body) }
  response.writeHead(status, { 'cache-control': 'no-store', ...headers, ...length }).end(body)
}
