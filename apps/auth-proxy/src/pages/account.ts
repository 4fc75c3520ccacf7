import type { Asker } from '../actions/asker.ts'
import { sessionsOf } from '../actions/sessions.ts'
import type { SessionView } from '../actions/sessions.ts'
import { tokensOf } from '../actions/tokens.ts'
import type { TokenView } from '../actions/tokens.ts'
import type { OwnAnswer } from '../destination/own-route.ts'
import type { Principal } from '../identity/principal.ts'
import { html } from './html.ts'
import type { Html } from './html.ts'
import { postForm, problem, showPage } from './layout.ts'
import { table } from './table.ts'
import { day, minute } from './times.ts'

/** What the page of one's own account shows besides what is stored. */
export interface AccountPage extends Asker {
  /** Address of this server, as the browser reaches it. */
  readonly origin: string
  /** A token that was just made: shown this once. */
  readonly newToken?: string
  readonly failure?: string
}

/** Shows one's tokens and browsers, and what to paste to log runs under one's own name. */
export async function showAccount(page: AccountPage): Promise<OwnAnswer> {
  const { principal, origin, newToken, failure } = page
  const [tokens, sessions] = [await tokensOf(page, principal.name), await sessionsOf(page, principal.name)]
  return showPage({
    title: 'My account',
    principal,
    path: '/_soen/account',
    status: failure === undefined ? 200 : 400,
    body: html`${problem(failure)}
      ${newToken !== undefined && html`<p class="notice" role="status">Your new token is in the lines below. It is shown this once: copy them now.</p>`}
      <h2>Log runs</h2>
      <p>In the config of a training:</p>
      <pre tabindex="0" aria-label="Logging block">
logging:
  mlflow_active: true
  mlflow_tracking_uri: ${origin}
  mlflow_password: ${newToken ?? 'YOUR_TOKEN'}</pre>
      <p>For MLflow's own client, in any language:</p>
      <pre tabindex="0" aria-label="Environment lines">
export MLFLOW_TRACKING_URI=${origin}
export MLFLOW_TRACKING_TOKEN=${newToken ?? 'YOUR_TOKEN'}</pre>
      <h2>API tokens</h2>
      ${tokenTable(principal, tokens)}
      ${principal.isLegacy ? html`<p>This password is shared, so it makes no tokens. Ask an admin for an account of your own.</p>` : tokenForm(principal)}
      <h2>Signed-in browsers</h2>
      ${sessionTable(principal, sessions)} ${!principal.isLegacy && passwordForm(principal)}`,
  })
}

function tokenTable(principal: Principal, tokens: readonly TokenView[]): Html {
  if (tokens.length === 0) return html`<p>You have none yet.</p>`
  return table(
    ['Name', 'Id', 'Expires', 'Last used', 'Action'],
    tokens.map(({ id, name, expiresAt, lastUsedAt }) => [
      name,
      id,
      expiresAt === undefined ? 'never' : day(expiresAt),
      lastUsedAt === undefined ? 'never' : minute(lastUsedAt),
      idButton(principal, { action: '/_soen/account/tokens/revoke', id, label: 'Revoke', what: name }),
    ]),
  )
}

function tokenForm(principal: Principal): Html {
  return postForm(
    principal,
    '/_soen/account/tokens',
    html`<label for="token-name">Name of a new token</label>
      <input id="token-name" name="name" maxlength="64" placeholder="laptop" required />
      <label for="token-days">Good for so many days</label>
      <input id="token-days" name="days" type="number" min="1" max="366" value="90" required />
      <button>Make a token</button>`,
  )
}

function sessionTable(principal: Principal, sessions: readonly SessionView[]): Html {
  return table(
    ['From', 'Browser', 'Last seen', 'Action'],
    sessions.map(({ id, address, userAgent, lastSeenAt, isCurrent }) => {
      const what = `${address}, last seen ${minute(lastSeenAt)}`
      const action = '/_soen/account/sessions/end'
      return [
        address,
        userAgent,
        isCurrent ? 'now, this one' : minute(lastSeenAt),
        idButton(principal, { action, id, label: 'Sign out', what }),
      ]
    }),
  )
}

interface IdButton {
  readonly action: string
  readonly id: string
  readonly label: string
  /** Tells this row's button from the others where the table is not seen. */
  readonly what: string
}

function idButton(principal: Principal, { action, id, label, what }: IdButton): Html {
  const fields = html`<input type="hidden" name="id" value="${id}" />
    <button aria-label="${label} ${what}">${label}</button>`
  return postForm(principal, action, fields)
}

function passwordForm(principal: Principal): Html {
  return html`<h2>Password</h2>
    ${postForm(
      principal,
      '/_soen/account/password',
      html`<label for="current">Current password</label>
        <input id="current" name="current" type="password" autocomplete="current-password" required />
        <label for="new-password">New password</label>
        <input
          id="new-password"
          name="password"
          type="password"
          autocomplete="new-password"
          minlength="8"
          required
        />
        <button>Change it and sign out everywhere</button>`,
    )}`
}
