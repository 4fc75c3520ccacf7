import { changePassword } from '../actions/password.ts'
import { dropSession } from '../actions/sessions.ts'
import { createToken, dropToken } from '../actions/tokens.ts'
import { addAccount, changeAccount, dropAccount, unlockAccount } from '../actions/users.ts'
import type { AccountForm } from '../actions/users.ts'
import { touchedByForm } from '../audit/touched.ts'
import type { OwnAnswer } from '../destination/own-route.ts'
import { checkCsrf, csrfField } from '../identity/csrf.ts'
import { isRole, roles } from '../identity/user.ts'
import type { Role } from '../identity/user.ts'
import { Refusal } from '../errors/refusals.ts'
import { showAccount } from './account.ts'
import { redirectDone } from './done.ts'
import { inWords } from './notice.ts'
import { redirectTo } from './redirect.ts'
import { signOut } from './sign-in.ts'
import { showUsers } from './users.ts'
import type { Visit } from './visit.ts'
import type { Done } from './words/words.ts'

/** Handles a form of a signed-in user. */
export type AnswerForm = (visit: Visit, form: URLSearchParams) => Promise<OwnAnswer>

/** The action of a form. */
type Deed = (visit: Visit, form: URLSearchParams) => Promise<unknown>

const field = (form: URLSearchParams, name: string): string => form.get(name) ?? ''

/** The forms of signed-in users, by the path they are sent to, each with its action and its message. */
export const forms: ReadonlyMap<string, AnswerForm> = new Map([
  ['/_soen/sign-out', proven(leave)],
  ['/_soen/account/tokens', onAccount(newToken)],
  ['/_soen/account/tokens/revoke', onAccount(revokeToken)],
  ['/_soen/account/sessions/end', onAccount(endBrowser)],
  ['/_soen/account/password', onAccount(setPassword)],
  ['/_soen/users/add', onUsers(addUser, 'user-added')],
  [
    '/_soen/users/role',
    onUsers(
      changing((form) => ({ role: roleField(form) })),
      'role-set',
    ),
  ],
  [
    '/_soen/users/password',
    onUsers(
      changing((form) => ({ password: field(form, 'password') })),
      'password-set',
    ),
  ],
  [
    '/_soen/users/disable',
    onUsers(
      changing(() => ({ isDisabled: true })),
      'disabled',
    ),
  ],
  [
    '/_soen/users/enable',
    onUsers(
      changing(() => ({ isDisabled: false })),
      'enabled',
    ),
  ],
  ['/_soen/users/unlock', onUsers((visit, form) => unlockAccount(visit, field(form, 'name')), 'unlocked')],
  ['/_soen/users/remove', onUsers((visit, form) => dropAccount(visit, field(form, 'name')), 'removed')],
])

function proven(act: AnswerForm): AnswerForm {
  return async (visit, form) => {
    checkCsrf(visit.principal, visit.request.headers, field(form, csrfField))
    return await act(visit, form)
  }
}

/** A form about the caller's own account; an error is shown on the account page. */
function onAccount(act: AnswerForm): AnswerForm {
  return proven(async (visit, form) => {
    try {
      const answer = await act(visit, form)
      return { touched: touchedByForm(visit.request.path, form), ...answer }
    } catch (error) {
      return await showAccount({ ...visit, typed: form, failure: inWords(error, visit.reader) })
    }
  })
}

function onUsers(deed: Deed, done: Done): AnswerForm {
  return proven(async (visit, form) => {
    try {
      await deed(visit, form)
      const touched = touchedByForm(visit.request.path, form)
      return { ...redirectDone('/_soen/users', done, field(form, 'name')), touched }
    } catch (error) {
      const failure = inWords(error, visit.reader)
      // A caller who may not manage users must not get to see them through an invalid form.
      if (error instanceof Refusal && error.code === 'SOEN_ADMIN_ONLY') throw error
      return await showUsers({ ...visit, typed: form, failure })
    }
  })
}

async function newToken(visit: Visit, form: URLSearchParams): Promise<OwnAnswer> {
  const order = { name: field(form, 'name'), days: Number(field(form, 'days')) }
  const { text } = await createToken(visit, visit.principal.name, order)
  const touched = touchedByForm(visit.request.path, form, text)
  return { ...(await showAccount(visit, text)), touched }
}

async function revokeToken(visit: Visit, form: URLSearchParams): Promise<OwnAnswer> {
  await dropToken(visit, field(form, 'id'))
  return redirectDone('/_soen/account', 'token-revoked')
}

async function endBrowser(visit: Visit, form: URLSearchParams): Promise<OwnAnswer> {
  await dropSession(visit, field(form, 'id'))
  return redirectDone('/_soen/account', 'session-ended')
}

/** All sessions have ended, this one included, so the message is shown on the sign-in page. */
async function setPassword(visit: Visit, form: URLSearchParams): Promise<OwnAnswer> {
  const typed = { current: field(form, 'current'), password: field(form, 'password') }
  await changePassword(visit, typed, visit.request.client.address)
  return redirectDone('/_soen/sign-in', 'password-changed')
}

/** A form that changes one account. */
function changing(wish: (form: URLSearchParams) => AccountForm): Deed {
  return (visit, form) => changeAccount(visit, field(form, 'name'), wish(form))
}

function roleField(form: URLSearchParams): Role {
  const role = field(form, 'role')
  if (isRole(role)) return role
  throw new Refusal('SOEN_API_BODY', undefined, `role: ${roles.join(', ')}.`)
}

function addUser(visit: Visit, form: URLSearchParams): Promise<void> {
  const [name, password] = [field(form, 'name'), field(form, 'password')]
  return addAccount(visit, {
    name,
    role: roleField(form),
    kind: field(form, 'kind') === 'service' ? 'service' : 'person',
    ...(password === '' ? {} : { password }),
  })
}

async function leave({ identity, principal, request }: Visit): Promise<OwnAnswer> {
  const { credential } = principal
  if (credential.kind !== 'session') return redirectTo('/_soen/sign-in')
  return await signOut(identity, request, credential.id)
}
