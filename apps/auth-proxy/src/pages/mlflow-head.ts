import { isAtLeast } from '../decide/least-role.ts'
import type { Role, User } from '../identity/user.ts'
import type { Feature } from '../routes/rule.ts'

/** Initial values for what MLflow's page stores in the browser. */
const defaults = {
  // Hides the notice about usage data: the server sends none.
  'mlflow.telemetry.info.alert.dismissed_v1': true,
  'mlflow.settings.telemetry.enabled_v1': false,
  // The menu for people who train models: runs and the registry.
  'mlflow.workflowType_v1': 'machine_learning',
}

/** Places in MLflow's page that our pages replace. */
const ours = { '#/account': '/_soen/account', '#/admin': '/_soen/users' }

/** Elements that lead to parts of MLflow, and who may use those. */
const ways: readonly { readonly to: string; readonly feature?: Feature; readonly role?: Role }[] = [
  { to: '[data-assistant-ui]', feature: 'assistant' },
  { to: 'a[href^="#/settings/llm-connections"]', feature: 'gateway' },
  { to: 'a[href^="#/mcp-registry"]', feature: 'mcp-servers' },
  { to: 'div:has(> [data-component-id="mlflow.home.demo-banner.launch"])', feature: 'demo' },
  { to: 'div:has(> div > [data-component-id="mlflow.settings.demo.clear-all-button"])', feature: 'demo' },
  { to: 'a[href^="#/settings/webhooks"]', role: 'admin' },
]

/**
 * HTML for the head of MLflow's page: browser settings that suit this server, the experiments as the start page, our
 * account pages in place of MLflow's own, and no links to what would be refused.
 */
export function headOfMlflow({ role }: User, features: ReadonlySet<Feature>): string {
  const isOpen = ({ feature, role: least = 'viewer' }: (typeof ways)[number]): boolean =>
    (feature === undefined || features.has(feature)) && isAtLeast(role, least)
  const closed = ways.filter((way) => !isOpen(way)).map(({ to }) => to)
  const style = closed.length === 0 ? '' : `<style>${closed.join(',')}{display:none!important}</style>`
  return `${style}<script>${script(features.has('assistant'))}</script>`
}

/** Runs before MLflow's own script, which changes the address without loading a page. */
function script(hasAssistant: boolean): string {
  // Its panel opens by itself on a loopback address, and again where it was left open.
  const panel = "localStorage.setItem('mlflow.assistant.panelOpen_v1', 'false')"
  const firstPanel = "'mlflow.assistant.fab.autoOpenedOnFirstLoad_v1'"
  return `{
const defaults = ${JSON.stringify(defaults)}, ours = ${JSON.stringify(ours)}
for (const name in defaults) {
  if (localStorage.getItem(name) === null) localStorage.setItem(name, JSON.stringify(defaults[name]))
}
${hasAssistant ? '' : `localStorage.setItem(${firstPanel}, 'true'); ${panel}`}
if (['', '#', '#/'].includes(location.hash)) history.replaceState(null, '', '#/experiments')
const leave = () => {
  const place = ours[/^#\\/\\w*/.exec(location.hash)?.[0]]
  if (place !== undefined) location.replace(place)
}
for (const name of ['pushState', 'replaceState']) {
  const change = history[name]
  history[name] = function (...how) {
    change.apply(this, how)
    leave()
  }
}
addEventListener('hashchange', leave)
leave()
}`
}
