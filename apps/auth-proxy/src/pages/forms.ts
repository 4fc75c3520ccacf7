import type { Asker } from '../actions/asker.ts'
import { changePassword } from '../actions/password.ts'
import { dropSession } from '../actions/sessions.ts'
import { createToken, dropToken } from '../actions/tokens.ts'
import { addAccount, changeAccount, dropAccount, unlockAccount } from '../actions/users.ts'
import type { AccountForm } from '../actions/users.ts'
import { touchedByForm } from '../audit/touched.ts'
import type { OwnAnswer, OwnRequest } from '../destination/own-route.ts'
import { AuthProxyError } from '../errors/auth-proxy-error.ts'
import { checkCsrf, csrfField } from '../identity/csrf.ts'
import type { Identity } from '../identity/open-identity.ts'
import { isRole, roles } from '../identity/user.ts'
import type { Role } from '../identity/user.ts'
import { Refusal } from '../errors/refusals.ts'
import { showAccount } from './account.ts'
import { originOf } from './origin.ts'
import { redirectTo } from './redirect.ts'
import { signOut } from './sign-in.ts'
import { showUsers } from './users.ts'

/** Answers a form of a signed-in person. */
export type AnswerForm = (
  identity: Identity,
  request: OwnRequest,
  form: URLSearchParams,
) => Promise<OwnAnswer>

interface Sender extends Asker {
  readonly request: OwnRequest
}

/** What a form does. Answers itself, or leads back to its page. */
type Deed = (sender: Sender, form: URLSearchParams) => Promise<unknown>

const field = (form: URLSearchParams, name: string): string => form.get(name) ?? ''

/** What the forms of signed-in people do, by where they are sent. */
export const forms: ReadonlyMap<string, AnswerForm> = new Map([
  ['/_soen/sign-out', proven(leave)],
  ['/_soen/account/tokens', onAccount(makeToken)],
  ['/_soen/account/tokens/revoke', onAccount((sender, form) => dropToken(sender, field(form, 'id')))],
  ['/_soen/account/sessions/end', onAccount((sender, form) => dropSession(sender, field(form, 'id')))],
  ['/_soen/account/password', onAccount(setPassword)],
  ['/_soen/users/add', onUsers(addUser)],
  ['/_soen/users/role', changing((form) => ({ role: roleField(form) }))],
  ['/_soen/users/password', changing((form) => ({ password: field(form, 'password') }))],
  ['/_soen/users/disable', changing(() => ({ isDisabled: true }))],
  ['/_soen/users/enable', changing(() => ({ isDisabled: false }))],
  ['/_soen/users/unlock', onUsers((sender, form) => unlockAccount(sender, field(form, 'name')))],
  ['/_soen/users/remove', onUsers((sender, form) => dropAccount(sender, field(form, 'name')))],
])

function proven(act: (sender: Sender, form: URLSearchParams) => Promise<OwnAnswer>): AnswerForm {
  return async (identity, request, form) => {
    const principal = await request.authenticate()
    checkCsrf(principal, request.headers, field(form, csrfField))
    return await act({ identity, principal, request }, form)
  }
}

function onAccount(deed: Deed): AnswerForm {
  return proven(async (sender, form) => {
    const page = { identity: sender.identity, principal: sender.principal, origin: originOf(sender.request) }
    try {
      const token = await deed(sender, form)
      const touched = touchedByForm(sender.request.path, form, token)
      return typeof token === 'string'
        ? { ...(await showAccount({ ...page, newToken: token })), touched }
        : { ...redirectTo('/_soen/account'), touched }
    } catch (error) {
      return await showAccount({ ...page, failure: inWords(error) })
    }
  })
}

function onUsers(deed: Deed): AnswerForm {
  return proven(async (sender, form) => {
    try {
      await deed(sender, form)
      return { ...redirectTo('/_soen/users'), touched: touchedByForm(sender.request.path, form) }
    } catch (error) {
      const failure = inWords(error)
      // Who may not manage users does not get to see them by doing something wrong.
      if (error instanceof Refusal && error.code === 'SOEN_ADMIN_ONLY') throw error
      return await showUsers(sender, failure)
    }
  })
}

async function makeToken(sender: Sender, form: URLSearchParams): Promise<string> {
  const order = { name: field(form, 'name'), days: Number(field(form, 'days')) }
  return (await createToken(sender, sender.principal.name, order)).text
}

function setPassword(sender: Sender, form: URLSearchParams): Promise<void> {
  const typed = { current: field(form, 'current'), password: field(form, 'password') }
  return changePassword(sender, typed, sender.request.client.address)
}

/** A form about one account, which says what is to be another way. */
function changing(wish: (form: URLSearchParams) => AccountForm): AnswerForm {
  return onUsers((sender, form) => changeAccount(sender, field(form, 'name'), wish(form)))
}

function roleField(form: URLSearchParams): Role {
  const role = field(form, 'role')
  if (isRole(role)) return role
  throw new Refusal('SOEN_API_BODY', undefined, `role: ${roles.join(', ')}.`)
}

function addUser(sender: Sender, form: URLSearchParams): Promise<void> {
  const [name, password] = [field(form, 'name'), field(form, 'password')]
  return addAccount(sender, {
    name,
    role: roleField(form),
    kind: field(form, 'kind') === 'service' ? 'service' : 'person',
    ...(password === '' ? {} : { password }),
  })
}

async function leave({ identity, principal, request }: Sender): Promise<OwnAnswer> {
  const { credential } = principal
  if (credential.kind !== 'session') return redirectTo('/_soen/sign-in')
  return await signOut(identity, request, credential.id)
}

function inWords(error: unknown): string {
  if (error instanceof AuthProxyError) return `${error.message} ${error.hint}`
  throw error
}
