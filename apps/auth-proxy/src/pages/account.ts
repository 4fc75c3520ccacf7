import { sessionsOf } from '../actions/sessions.ts'
import type { SessionView } from '../actions/sessions.ts'
import { tokensOf } from '../actions/tokens.ts'
import type { TokenView } from '../actions/tokens.ts'
import type { OwnAnswer } from '../destination/own-route.ts'
import { copyable, copyScript } from './copy.ts'
import { deviceName } from './device-name.ts'
import { html } from './html.ts'
import type { Html } from './html.ts'
import { postForm, showPage } from './layout.ts'
import { problem, success } from './notice.ts'
import { originOf } from './origin.ts'
import { table } from './table.ts'
import { day, minute, time } from './times.ts'
import { typedInto } from './visit.ts'
import type { Visit } from './visit.ts'

/**
 * Shows the caller's tokens and browser sessions, and how to log runs under their own name; `newToken` is shown this
 * once.
 */
export async function showAccount(visit: Visit, newToken?: string): Promise<OwnAnswer> {
  const { principal, reader, done, failure } = visit
  const { words } = reader
  const [tokens, sessions] = [await tokensOf(visit, principal.name), await sessionsOf(visit, principal.name)]
  return showPage({
    reader,
    title: words.account,
    principal,
    path: '/_soen/account',
    status: failure === undefined ? 200 : 400,
    script: copyScript,
    body: html`${problem(failure)} ${success(done)} ${newToken !== undefined && tokenOnce(newToken, visit)}
      ${linesToPaste(visit, newToken)}
      <h2>${words.tokens.title}</h2>
      ${tokenTable(visit, tokens)}
      ${principal.isLegacy ? html`<p>${words.tokens.shared}</p>` : tokenForm(visit)}
      <h2>${words.browsers}</h2>
      ${sessionTable(visit, sessions)} ${!principal.isLegacy && passwordForm(visit)}`,
  })
}

function tokenOnce(token: string, { reader }: Visit): Html {
  const { newToken, shownOnce } = reader.words.tokens
  return html`${success(`${newToken}. ${shownOnce}`)} ${copyable('token', newToken, token, reader)}`
}

function linesToPaste({ request, reader }: Visit, newToken?: string): Html {
  const words = reader.words.tokens
  const [origin, token] = [originOf(request), newToken ?? words.placeholder]
  const block = [
    'logging:',
    '  mlflow_active: true',
    `  mlflow_tracking_uri: ${origin}`,
    `  mlflow_password: ${token}`,
  ]
  const lines = [`export MLFLOW_TRACKING_URI=${origin}`, `export MLFLOW_TRACKING_TOKEN=${token}`]
  return html`<h2>${words.logRuns}</h2>
    <p>${words.inConfig}</p>
    ${copyable('block', words.configBlock, block.join('\n'), reader)}
    <p>${words.forMlflow}</p>
    ${copyable('lines', words.mlflowLines, lines.join('\n'), reader)}`
}

function tokenTable(visit: Visit, tokens: readonly TokenView[]): Html {
  const { words } = visit.reader
  if (tokens.length === 0) return html`<p>${words.tokens.none}</p>`
  return table(
    ['name', 'id', 'expires', 'lastUsed', 'action'],
    tokens.map(({ id, name, expiresAt, lastUsedAt }) => [
      name,
      id,
      expiresAt === undefined ? words.never : time(expiresAt, day),
      lastUsedAt === undefined ? words.never : time(lastUsedAt, minute),
      idButton(visit, {
        action: '/_soen/account/tokens/revoke',
        id,
        label: words.tokens.revoke,
        what: name,
      }),
    ]),
    visit.reader,
  )
}

function tokenForm(visit: Visit): Html {
  const words = visit.reader.words.tokens
  const action = '/_soen/account/tokens'
  const typed = typedInto(visit, action)
  return postForm(
    visit.principal,
    action,
    html`<label for="token-name">${words.name}</label>
      <input
        id="token-name"
        name="name"
        maxlength="64"
        placeholder="${words.example}"
        value="${typed.get('name') ?? ''}"
        required
      />
      <label for="token-days">${words.days}</label>
      <input
        id="token-days"
        name="days"
        type="number"
        min="1"
        max="366"
        value="${typed.get('days') ?? '90'}"
        required
      />
      <button>${words.make}</button>`,
  )
}

function sessionTable(visit: Visit, sessions: readonly SessionView[]): Html {
  const { words } = visit.reader
  return table(
    ['browser', 'from', 'lastSeen', 'action'],
    sessions.map(({ id, address, userAgent, lastSeenAt, isCurrent }) => [
      html`<span title="${userAgent}">${deviceName(userAgent, words)}</span>`,
      address,
      isCurrent ? words.thisOne : time(lastSeenAt, minute),
      idButton(visit, {
        action: isCurrent ? '/_soen/sign-out' : '/_soen/account/sessions/end',
        id,
        label: words.signOut,
        what: words.lastSeen(address, minute(lastSeenAt)),
      }),
    ]),
    visit.reader,
  )
}

interface IdButton {
  readonly action: string
  readonly id: string
  readonly label: string
  /** Distinguishes this row's button from the others for readers who cannot see the table. */
  readonly what: string
}

function idButton({ principal }: Visit, { action, id, label, what }: IdButton): Html {
  const fields = html`<input type="hidden" name="id" value="${id}" />
    <button aria-label="${label} ${what}">${label}</button>`
  return postForm(principal, action, fields)
}

function passwordForm({ principal, reader: { words } }: Visit): Html {
  return html`<h2>${words.password}</h2>
    ${postForm(
      principal,
      '/_soen/account/password',
      html`<label for="current">${words.currentPassword}</label>
        <input id="current" name="current" type="password" autocomplete="current-password" required />
        <label for="new-password">${words.newPassword}</label>
        <input
          id="new-password"
          name="password"
          type="password"
          autocomplete="new-password"
          minlength="8"
          required
        />
        <button>${words.changePassword}</button>`,
    )}`
}
