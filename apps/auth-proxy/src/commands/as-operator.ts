import type { Writable } from 'node:stream'
import { apiDestinations } from '../api/api.ts'
import { auditFolder } from '../audit/audit-settings.ts'
import { recorded } from '../audit/command-records.ts'
import type { Deed } from '../audit/command-records.ts'
import type { Subject } from '../audit/record.ts'
import { touchedByApi } from '../audit/touched.ts'
import { canonicalTarget } from '../canonical/path.ts'
import { findDestination } from '../destination/find-destination.ts'
import { actionOf } from '../destination/own-route.ts'
import type { OwnAnswer } from '../destination/own-route.ts'
import { Refusal } from '../errors/refusals.ts'
import { openIdentity } from '../identity/open-identity.ts'
import type { Principal } from '../identity/principal.ts'
import { Router } from '../routes/router.ts'
import { openExistingStore, openStore } from '../store/open-store.ts'

/** Whoever can write the state may do everything. The brackets keep it apart from any user's name. */
const operator: Principal = {
  name: '(operator)',
  role: 'admin',
  isLegacy: false,
  credential: { kind: 'operator' },
}

/** A call of the API below `/_soen/api/`. */
export interface OperatorCall {
  readonly method: string
  readonly target: string
  /** Reads the body as JSON text; called only where one is expected. */
  readonly readBody: () => Promise<string>
}

/** The state to work on, and where side failures are reported. */
export interface OperatorPlace {
  readonly state: string
  readonly auditFolder?: string | undefined
  readonly auditSignatures?: string | undefined
  readonly stderr: Writable
}

/** Answers an API call directly on the state, by the same rules as over the network, and records it. */
export async function askAsOperator(
  { method, target, readBody }: OperatorCall,
  { state, auditFolder: folder, auditSignatures, stderr }: OperatorPlace,
): Promise<Pick<OwnAnswer, 'status' | 'body'>> {
  const { path, rawQuery } = canonicalTarget(target)
  // Only the call that creates the first account may create a state: elsewhere a mistyped name must not make
  // a new, empty one.
  const isFirst = method === 'POST' && path === '/_soen/api/users'
  let typed = ''
  let deedOf = (_result: unknown): Deed => ({ action: path, subjects: [] })
  await using store = recorded(await (isFirst ? openStore(state) : openExistingStore(state)), (result) =>
    deedOf(result),
  )
  await using identity = await openIdentity(store, {
    onError: (error) => void stderr.write(`${String(error)}\n`),
  })
  try {
    const router = new Router(
      apiDestinations({ identity, auditSignatures, auditFolder: auditFolder(folder, state) }),
    )
    const { route, params } = findDestination(router, method, path)
    deedOf = (result) => ({
      action: actionOf(route, method) ?? path,
      subjects: touchedByCommand(route.path, params, typed, result),
    })
    return await route.answer({
      method,
      path,
      params,
      query: new URLSearchParams(rawQuery),
      headers: { 'content-type': 'application/json' },
      client: {
        address: 'local',
        isSecure: true,
      },
      peer: undefined,
      readBody: async () => (typed = await readBody()),
      authenticate: async () => operator,
    })
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

/**
 * What the call is about, as far as it is known before it runs: an unreadable call is refused later and
 * changes nothing.
 */
function touchedByCommand(
  path: string,
  params: Readonly<Record<string, string>>,
  typed: string,
  result: unknown,
): readonly Subject[] {
  // The id of a new token is only in the result.
  const made = typeof result === 'object' && result !== null && 'stored' in result ? result.stored : undefined
  try {
    return touchedByApi(path, params, JSON.parse(typed || '{}'), made)
  } catch {
    return []
  }
}
