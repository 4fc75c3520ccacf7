import type { Dispatcher } from 'undici'
import type { Id } from '../canonical/ids.ts'
import { isJsonObject } from '../canonical/strict-json.ts'
import type { JsonValue } from '../canonical/strict-json.ts'
import { ownerTag } from '../decide/policies/owner-tag.ts'
import { Refusal } from '../errors/refusals.ts'
import { FairTurnstile } from '../identity/fair-turnstile.ts'
import type { IdKind } from '../routes/rule.ts'
import { refusalFor } from './response-relay.ts'

/** The routes by which MLflow tells the owner of a thing: the request, and where the response has its tags. */
const questions: Readonly<
  Partial<Record<IdKind, { readonly path: (id: string) => string; readonly tagsIn: readonly string[] }>>
> = {
  run: { path: (id) => `runs/get?run_id=${id}`, tagsIn: ['run', 'data'] },
  'logged-model': { path: (id) => `logged-models/${id}?allow_deleted=true`, tagsIn: ['model', 'info'] },
  'registered-model': { path: (id) => `registered-models/get?name=${id}`, tagsIn: ['registered_model'] },
}

/** Asks MLflow whether everything that these ids lead to belongs to this user. */
export type OwnerLookup = (name: string, ids: readonly Id[]) => Promise<boolean>

/** Creates a lookup that sends a few requests at once, taking users in turn. */
export function openOwnerLookup(upstream: Dispatcher): OwnerLookup {
  const turnstile = new FairTurnstile({ slots: 8, maxPerLane: 100, maxLanes: 1000 })
  return async (name, ids) => {
    const asked = turnstile.enter(() => areOwn(upstream, name, ids), { name, isKnown: true })
    if (asked === undefined) throw new Refusal('SOEN_TOO_MANY_AT_ONCE')
    return await asked
  }
}

async function areOwn(upstream: Dispatcher, name: string, ids: readonly Id[]): Promise<boolean> {
  for (const id of ids) if ((await ownerOf(upstream, id)) !== name) return false
  return ids.length > 0
}

/** Undefined where it has no owner or does not exist. */
async function ownerOf(upstream: Dispatcher, { kind, value }: Id): Promise<string | undefined> {
  const question = questions[kind]
  if (question === undefined) return undefined
  const path = `/api/2.0/mlflow/${question.path(encodeURIComponent(value))}`
  let answer: JsonValue = await ask(upstream, path)
  for (const field of [...question.tagsIn, 'tags'])
    answer = isJsonObject(answer) ? (answer[field] ?? null) : null
  const tags = Array.isArray(answer) ? answer.filter(isJsonObject) : []
  const owner = tags.find(({ key }) => key === ownerTag)?.['value']
  return typeof owner === 'string' ? owner : undefined
}

async function ask(upstream: Dispatcher, path: string): Promise<JsonValue> {
  try {
    const headers = { host: 'localhost', 'x-forwarded-for': '127.0.0.1' }
    const { statusCode, body } = await upstream.request({ path, method: 'GET', headers })
    const text = await body.text()
    if (statusCode !== 200) return null
    const answer: JsonValue = JSON.parse(text)
    return answer
  } catch (error) {
    throw new Refusal(error instanceof Error ? refusalFor(error) : 'SOEN_MLFLOW_BROKE_OFF', error)
  }
}
