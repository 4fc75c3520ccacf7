import { changePassword } from '../api/me.ts'
import { touchedByForm } from '../audit/touched.ts'
import { dropSession } from '../api/sessions.ts'
import type { SiteAnswer, SiteRequest } from '../site/site-request.ts'
import { createToken, dropToken } from '../api/tokens.ts'
import { addAccount, changeAccount, dropAccount, unlockAccount } from '../api/users.ts'
import type { AccountForm } from '../api/users.ts'
import { AuthProxyError } from '../errors/auth-proxy-error.ts'
import { checkCsrf, csrfField } from '../identity/csrf.ts'
import type { Identity } from '../identity/open-identity.ts'
import type { Principal } from '../identity/principal.ts'
import { isRole, roles } from '../identity/user.ts'
import type { Role } from '../identity/user.ts'
import { Refusal } from '../errors/refusals.ts'
import { showAccount } from './account.ts'
import { originOf } from './origin.ts'
import { redirectTo } from './redirect.ts'
import { signOut } from './sign-in.ts'
import { showUsers } from './users.ts'

/** Answers a form of a signed-in person. */
export type PageAction = (
  identity: Identity,
  request: SiteRequest,
  form: URLSearchParams,
) => Promise<SiteAnswer>

interface Asker {
  readonly identity: Identity
  readonly principal: Principal
  readonly request: SiteRequest
}

/** What a form does. Answers itself, or leads back to its page. */
type Deed = (asker: Asker, form: URLSearchParams) => Promise<unknown>

const field = (form: URLSearchParams, name: string): string => form.get(name) ?? ''

/** What the forms of our pages do, by where they are sent. */
export const actions: ReadonlyMap<string, PageAction> = new Map([
  ['/_soen/sign-out', proven(leave)],
  ['/_soen/account/tokens', onAccount(makeToken)],
  ['/_soen/account/tokens/revoke', onAccount((asker, form) => dropToken(asker, field(form, 'id')))],
  ['/_soen/account/sessions/end', onAccount((asker, form) => dropSession(asker, field(form, 'id')))],
  ['/_soen/account/password', onAccount(setPassword)],
  ['/_soen/users/add', onUsers(addUser)],
  ['/_soen/users/role', changing((form) => ({ role: roleField(form) }))],
  ['/_soen/users/password', changing((form) => ({ password: field(form, 'password') }))],
  ['/_soen/users/disable', changing(() => ({ isDisabled: true }))],
  ['/_soen/users/enable', changing(() => ({ isDisabled: false }))],
  ['/_soen/users/unlock', onUsers((asker, form) => unlockAccount(asker, field(form, 'name')))],
  ['/_soen/users/remove', onUsers((asker, form) => dropAccount(asker, field(form, 'name')))],
])

function proven(act: (asker: Asker, form: URLSearchParams) => Promise<SiteAnswer>): PageAction {
  return async (identity, request, form) => {
    const principal = await request.authenticate()
    checkCsrf(principal, request.headers, field(form, csrfField))
    return await act({ identity, principal, request }, form)
  }
}

function onAccount(deed: Deed): PageAction {
  return proven(async (asker, form) => {
    const page = { identity: asker.identity, principal: asker.principal, origin: originOf(asker.request) }
    try {
      const token = await deed(asker, form)
      const touched = touchedByForm(asker.request.path, form, token)
      return typeof token === 'string'
        ? { ...(await showAccount({ ...page, newToken: token })), touched }
        : { ...redirectTo('/_soen/account'), touched }
    } catch (error) {
      return await showAccount({ ...page, failure: inWords(error) })
    }
  })
}

function onUsers(deed: Deed): PageAction {
  return proven(async (asker, form) => {
    try {
      await deed(asker, form)
      return { ...redirectTo('/_soen/users'), touched: touchedByForm(asker.request.path, form) }
    } catch (error) {
      const failure = inWords(error)
      // Who may not manage users does not get to see them by doing something wrong.
      if (error instanceof Refusal && error.code === 'SOEN_ADMIN_ONLY') throw error
      return await showUsers(asker, failure)
    }
  })
}

async function makeToken(asker: Asker, form: URLSearchParams): Promise<string> {
  const order = { name: field(form, 'name'), days: Number(field(form, 'days')) }
  return (await createToken(asker, asker.principal.name, order)).text
}

function setPassword(asker: Asker, form: URLSearchParams): Promise<void> {
  const typed = { current: field(form, 'current'), password: field(form, 'password') }
  return changePassword(asker, typed, asker.request.client.address)
}

/** A form about one account, which says what is to be another way. */
function changing(wish: (form: URLSearchParams) => AccountForm): PageAction {
  return onUsers((asker, form) => changeAccount(asker, field(form, 'name'), wish(form)))
}

function roleField(form: URLSearchParams): Role {
  const role = field(form, 'role')
  if (isRole(role)) return role
  throw new Refusal('SOEN_API_BODY', undefined, `role: ${roles.join(', ')}.`)
}

function addUser(asker: Asker, form: URLSearchParams): Promise<void> {
  const [name, password] = [field(form, 'name'), field(form, 'password')]
  return addAccount(asker, {
    ...{ name, role: roleField(form), kind: field(form, 'kind') === 'service' ? 'service' : 'person' },
    ...(password === '' ? {} : { password }),
  })
}

async function leave({ identity, principal, request }: Asker): Promise<SiteAnswer> {
  const { credential } = principal
  if (credential.kind !== 'session') return redirectTo('/_soen/sign-in')
  return await signOut(identity, request, credential.id)
}

function inWords(error: unknown): string {
  if (error instanceof AuthProxyError) return `${error.message} ${error.hint}`
  throw error
}
