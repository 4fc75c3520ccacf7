import type { SiteAnswer } from '../api/site-request.ts'
import { accounts } from '../api/users.ts'
import type { Identity } from '../identity/open-identity.ts'
import type { Principal } from '../identity/principal.ts'
import { roles } from '../identity/user.ts'
import type { Role } from '../identity/user.ts'
import type { StoredUser } from '../store/users.ts'
import { html } from './html.ts'
import type { Html } from './html.ts'
import { postForm, problem, showPage } from './layout.ts'
import { day } from './times.ts'

type Shown = Omit<StoredUser, 'passwordHash'>

/** Shows all accounts to an admin, with what can be changed about them. */
export async function showUsers(
  asker: { readonly identity: Identity; readonly principal: Principal },
  failure?: string,
): Promise<SiteAnswer> {
  const { principal } = asker
  const rows = (await accounts(asker)).map((account) => row(principal, account))
  return showPage({
    title: 'Users',
    ...{ principal, path: '/_soen/users', status: failure === undefined ? 200 : 400 },
    body: html`${problem(failure)}
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">State</th>
              <th scope="col">Role</th>
              <th scope="col">Actions</th>
            </tr>
          </thead>
          <tbody>
            ${rows}
          </tbody>
        </table>
      </div>
      <h2>New account</h2>
      ${postForm(
        principal,
        '/_soen/users/save',
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

function row(principal: Principal, account: Shown): Html {
  const { name, role, isDisabled } = account
  const hidden = html`<input type="hidden" name="name" value="${name}" />`
  const action = (path: string, label: string): Html =>
    postForm(principal, path, html`${hidden}<button aria-label="${label} ${name}">${label}</button>`)
  const actions = html`${postForm(principal, '/_soen/users/save', html`${hidden}${roleChoice(html`aria-label="Role of ${name}"`, role)}<button aria-label="Set role of ${name}">Set role</button>`)}
  ${action(isDisabled ? '/_soen/users/enable' : '/_soen/users/disable', isDisabled ? 'Enable' : 'Disable')}
  ${action('/_soen/users/unlock', 'Unlock')} ${action('/_soen/users/remove', 'Remove')}`
  return html`<tr>
    <th scope="row">${name}</th>
    <td>${stateOf(account)}</td>
    <td>${role}</td>
    <td>${name === principal.name ? 'you' : actions}</td>
  </tr>`
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
