import { accounts } from '../actions/users.ts'
import type { OwnAnswer } from '../destination/own-route.ts'
import { isRole, roles } from '../identity/user.ts'
import type { Role } from '../identity/user.ts'
import type { StoredUser } from '../identity/stored-users.ts'
import { html } from './html.ts'
import type { Html } from './html.ts'
import { postForm, showPage } from './layout.ts'
import { problem, success } from './notice.ts'
import { table } from './table.ts'
import { day } from './times.ts'
import { typedInto } from './visit.ts'
import type { Visit } from './visit.ts'
import type { Words } from './words/words.ts'

type Shown = Omit<StoredUser, 'passwordHash'>

/** Shows all accounts to an admin, with what can be changed. */
export async function showUsers(visit: Visit): Promise<OwnAnswer> {
  const { principal, reader, failure, done } = visit
  const { words } = reader
  const rows = (await accounts(visit)).map((account) => [
    account.name,
    stateOf(account, words),
    account.role,
    account.name === principal.name ? words.accounts.you : actions(visit, account),
  ])
  return showPage({
    reader,
    title: words.users,
    principal,
    path: '/_soen/users',
    status: failure === undefined ? 200 : 400,
    body: html`${problem(failure)} ${success(done)}
      ${table(['name', 'state', 'role', 'actions'], rows, reader)}
      <h2>${words.accounts.title}</h2>
      ${addForm(visit)}
      <p class="soft">${words.accounts.roles}</p>`,
  })
}

function addForm(visit: Visit): Html {
  const { words } = visit.reader
  const action = '/_soen/users/add'
  const typed = typedInto(visit, action)
  const role = typed.get('role') ?? ''
  return postForm(
    visit.principal,
    action,
    html`<label for="name">${words.columns.name}</label>
      <input
        id="name"
        name="name"
        value="${typed.get('name') ?? ''}"
        autocapitalize="none"
        spellcheck="false"
        required
      />
      <label for="role">${words.columns.role}</label>
      ${roleChoice(html`id="role"`, isRole(role) ? role : 'member')}
      <label for="kind">${words.accounts.kind}</label>
      <select id="kind" name="kind">
        <option value="person">${words.accounts.person}</option>
        <option value="service" ${typed.get('kind') === 'service' && html`selected`}>
          ${words.accounts.service}
        </option>
      </select>
      <label for="password">${words.accounts.firstPassword}</label>
      <input id="password" name="password" type="password" autocomplete="new-password" minlength="8" />
      <button>${words.accounts.make}</button>`,
  )
}

/** The actions on an account; those that end something or need further input are one step further away. */
function actions(visit: Visit, { name, role, kind, isDisabled }: Shown): Html {
  const words = visit.reader.words.accounts
  const form = (action: string, fields: Html): Html =>
    postForm(
      visit.principal,
      `/_soen/users/${action}`,
      html`<input type="hidden" name="name" value="${name}" />${fields}`,
    )
  const button = (label: string): Html =>
    html`<button aria-label="${words.on(label, name)}">${label}</button>`
  const failed = typedInto(visit, '/_soen/users/password').get('name') === name
  const newPassword = html`<details ${failed && html`open`}>
    <summary aria-label="${words.newPasswordOf(name)}">${visit.reader.words.newPassword}</summary>
    ${form(
      'password',
      html`<input
          ${html`aria-label="${words.newPasswordOf(name)}"`}
          name="password"
          type="password"
          autocomplete="new-password"
          minlength="8"
          required
        />${button(words.setPassword)}`,
    )}
  </details>`
  return html`${form('role', html`${roleChoice(html`aria-label="${words.roleOf(name)}"`, role)}${button(words.setRole)}`)}
    ${form(isDisabled ? 'enable' : 'disable', button(isDisabled ? words.enable : words.disable))}
    ${form('unlock', button(words.unlock))} ${kind === 'person' && newPassword}
    <details>
      <summary aria-label="${words.on(words.remove, name)}">${words.remove}</summary>
      <p>${words.removal(name)}</p>
      ${form('remove', button(words.removeForGood))}
    </details>`
}

function stateOf({ kind, isDisabled, legacyUntil }: Shown, { accounts: words }: Words): string {
  if (isDisabled) return words.disabled
  if (legacyUntil !== undefined) return words.sharedUntil(day(legacyUntil))
  return kind === 'service' ? words.program : words.active
}

function roleChoice(attributes: Html, chosen: Role): Html {
  const options = roles.map(
    (role) => html`<option value="${role}" ${role === chosen && html` selected`}>${role}</option>`,
  )
  return html`<select name="role" ${attributes}>
    ${options}
  </select>`
}
