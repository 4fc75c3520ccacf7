import type { Asker } from '../actions/asker.ts'
import { accounts } from '../actions/users.ts'
import type { OwnAnswer } from '../destination/own-route.ts'
import type { Principal } from '../identity/principal.ts'
import { roles } from '../identity/user.ts'
import type { Role } from '../identity/user.ts'
import type { StoredUser } from '../identity/stored-users.ts'
import { html } from './html.ts'
import type { Html } from './html.ts'
import { postForm, problem, showPage } from './layout.ts'
import { table } from './table.ts'
import { day } from './times.ts'

type Shown = Omit<StoredUser, 'passwordHash'>

/** Shows all accounts to an admin, with what can be changed about them. */
export async function showUsers(asker: Asker, failure?: string): Promise<OwnAnswer> {
  const { principal } = asker
  const rows = (await accounts(asker)).map((account) => [
    account.name,
    stateOf(account),
    account.role,
    account.name === principal.name ? 'you' : actions(principal, account),
  ])
  return showPage({
    title: 'Users',
    principal,
    path: '/_soen/users',
    status: failure === undefined ? 200 : 400,
    body: html`${problem(failure)} ${table(['Name', 'State', 'Role', 'Actions'], rows)}
      <h2>New account</h2>
      ${postForm(
        principal,
        '/_soen/users/add',
        html`<label for="name">Name</label>
          <input id="name" name="name" autocapitalize="none" spellcheck="false" required />
          <label for="role">Role</label>
          ${roleChoice(html`id="role"`, 'member')}
          <label for="kind">For</label>
          <select id="kind" name="kind">
            <option value="person">a person</option>
            <option value="service">a program, by token only</option>
          </select>
          <label for="password">First password, for a person</label>
          <input id="password" name="password" type="password" autocomplete="new-password" minlength="8" />
          <button>Make the account</button>`,
      )}
      <p class="soft">
        Viewers read; members create and write; maintainers also delete and restore; admins also manage users.
      </p>`,
  })
}

/** What can be done about an account; what ends something or needs a word more is one step further away. */
function actions(principal: Principal, { name, role, kind, isDisabled }: Shown): Html {
  const form = (action: string, fields: Html): Html =>
    postForm(
      principal,
      `/_soen/users/${action}`,
      html`<input type="hidden" name="name" value="${name}" />${fields}`,
    )
  const button = (label: string): Html => html`<button aria-label="${label} ${name}">${label}</button>`
  const newPassword = html`<details>
    <summary aria-label="New password of ${name}">New password</summary>
    ${form(
      'password',
      html`<input
          ${html`aria-label="New password of ${name}"`}
          name="password"
          type="password"
          autocomplete="new-password"
          minlength="8"
          required
        />${button('Set password of')}`,
    )}
  </details>`
  return html`${form('role', html`${roleChoice(html`aria-label="Role of ${name}"`, role)}<button aria-label="Set role of ${name}">Set role</button>`)}
    ${form(isDisabled ? 'enable' : 'disable', button(isDisabled ? 'Enable' : 'Disable'))}
    ${form('unlock', button('Unlock'))} ${kind === 'person' && newPassword}
    <details>
      <summary aria-label="Remove ${name}">Remove</summary>
      <p>This also ends all tokens of ${name}. What ${name} logged stays.</p>
      ${form('remove', button('Remove for good'))}
    </details>`
}

function stateOf({ kind, isDisabled, legacyUntil }: Shown): string {
  if (isDisabled) return 'disabled'
  if (legacyUntil !== undefined) return `shared until ${day(legacyUntil)}`
  return kind === 'service' ? 'program' : 'active'
}

function roleChoice(attributes: Html, chosen: Role): Html {
  const options = roles.map(
    (role) => html`<option value="${role}" ${role === chosen && html` selected`}>${role}</option>`,
  )
  return html`<select name="role" ${attributes}>
    ${options}
  </select>`
}
