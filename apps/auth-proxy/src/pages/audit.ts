import type { OwnAnswer } from '../destination/own-route.ts'
import { findPage, typedFilter } from '../audit/page-of-records.ts'
import type { RecordPage } from '../audit/page-of-records.ts'
import type { AuditRecord } from '../audit/record.ts'
import { deed, shortAction } from '../audit/sentence.ts'
import type { Identity } from '../identity/open-identity.ts'
import { html } from './html.ts'
import type { Html, Insert } from './html.ts'
import { showPage } from './layout.ts'
import { inWords, problem } from './notice.ts'
import type { Reader } from './reader.ts'
import { table } from './table.ts'
import { second, time } from './times.ts'
import type { Visit } from './visit.ts'
import type { Words } from './words/words.ts'

const path = '/_soen/audit'

function textFilters({ filter }: Words): readonly (readonly [name: string, label: string, hint: string])[] {
  return [
    ['run', filter.run, filter.anId],
    ['experiment', filter.experiment, filter.anId],
    ['user', filter.user, filter.aName],
    ['action', filter.action, 'runs/delete'],
    ['since', filter.since, filter.sinceHint],
  ]
}

/** Shows an admin who did what, with a filter in the query. */
export async function showAudit({ identity, principal, reader, request }: Visit): Promise<OwnAnswer> {
  const { query } = request
  const found = await find(identity, query, reader)
  const failure = 'failure' in found ? found.failure : undefined
  return showPage({
    reader,
    title: reader.words.audit,
    principal,
    path,
    status: failure === undefined ? 200 : 400,
    body: html`${problem(failure)}${filterForm(query, reader.words)}
    ${'records' in found && list(found, query, reader)}`,
  })
}

async function find(
  { store }: Identity,
  query: URLSearchParams,
  reader: Reader,
): Promise<RecordPage | { readonly failure: Html }> {
  try {
    return await store.read((db) => findPage(db, typedFilter(query)))
  } catch (error) {
    return { failure: inWords(error, reader) }
  }
}

function filterForm(query: URLSearchParams, words: Words): Html {
  const fields = textFilters(words).map(
    ([name, label, hint]) =>
      html`<div>
        <label for="${name}">${label}</label>
        <input
          id="${name}"
          name="${name}"
          value="${query.get(name) ?? ''}"
          placeholder="${hint}"
          autocomplete="off"
          autocapitalize="none"
          spellcheck="false"
        />
      </div>`,
  )
  return html`<form
    method="get"
    action="${path}"
    class="filter"
    role="search"
    aria-label="${words.filter.label}"
  >
    ${fields}
    <div class="check">
      <input
        type="checkbox"
        id="denied"
        name="denied"
        value="true"
        ${query.get('denied') === 'true' && html`checked`}
      />
      <label for="denied">${words.filter.denied}</label>
    </div>
    <button>${words.filter.show}</button>
  </form>`
}

function list({ records, next }: RecordPage, query: URLSearchParams, reader: Reader): Html {
  const { nothing, older } = reader.words.filter
  if (records.length === 0) return html`<p role="status">${nothing}</p>`
  const rows = records.map((record) => row(record, reader.words))
  return html`${table(['time', 'deed', 'from', 'answer', 'action'], rows, reader)}
  ${next !== undefined && html`<p><a rel="next" href="${nextAddress(query, next)}">${older}</a></p>`}`
}

/** Actions are shown in the same words as in the terminal. */
function row(record: AuditRecord, { filter: words }: Words): readonly Insert[] {
  const { time: at, count = 1, address, status, allowed, code, action, actions } = record
  const done = Object.entries(actions ?? {}).map(([name, often]) => `${often} × ${shortAction(name)}`)
  return [
    time(at, second),
    html`<span lang="en">${deed(record)}</span> ${count > 1 && words.times(count)}`,
    `${address ?? ''}${via(record)}`,
    allowed ? (status ?? '–') : (code ?? words.refused),
    done.length === 0 ? shortAction(action) : done.join(', '),
  ]
}

function via({ via: how, token, address }: AuditRecord): string {
  if (how === undefined) return ''
  return `${address === undefined ? '' : ', '}${token === undefined ? how : `${how} ${token}`}`
}

function nextAddress(query: URLSearchParams, next: string): string {
  const address = new URLSearchParams(query)
  address.set('cursor', next)
  return `${path}?${address.toString()}`
}
