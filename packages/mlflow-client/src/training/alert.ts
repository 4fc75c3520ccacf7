import { deliveryTransport } from '../delivery/delivery-transport.ts'
import { ClientError } from '../errors/client-error.ts'
import { logTable } from '../media/log-table.ts'
import { setModelVersionTag, type VersionName } from '../rest/model-versions.ts'
import { attempt } from '../run/attempt.ts'
import type { Run } from '../run/run.ts'
import type { Settings } from '../settings/settings.ts'

/** How urgent an alert is. */
export type AlertLevel = 'info' | 'warn' | 'error'

/** What an alert says besides its title. */
export interface AlertOptions {
  /** `warn` by default. */
  readonly level?: AlertLevel | undefined
  readonly text?: string | undefined
}

const ALERT_TAG = 'soen.alert'

/**
 * Mark a run as needing attention: the tag `soen.alert` has the latest alert, the table `alerts.json` all of them.
 *
 * MLflow's server sends no notifications about runs: its webhooks cover only the registry. Search for such runs by
 * ``tags.`soen.alert` LIKE 'error%'``, or call `alertByWebhook`.
 */
export function alert(run: Run, title: string, { level = 'warn', text }: AlertOptions = {}): void {
  attempt(run, 'alert', () => {
    run.tag(ALERT_TAG, `${level}: ${title}`)
    logTable(run, 'alerts.json', [{ at: new Date(), level, title, text }])
  })
}

/**
 * Trigger the server's webhooks for `MODEL_VERSION_TAG` and `SET`, by setting the tag `soen.alert` on a version of a
 * model.
 *
 * @throws ClientError when the server is away or refuses, or there is none
 */
export async function alertByWebhook(
  { settings }: { readonly settings: Settings },
  { name, version }: VersionName,
  { title, level = 'warn' }: AlertOptions & { readonly title: string },
): Promise<void> {
  if (!settings.active || settings.target === 'file') {
    throw new ClientError({
      code: 'SOEN_ITEM_REJECTED',
      message: 'There is nobody to tell: the client logs into a folder, or not at all.',
      hint: 'Webhooks are sent by a server.',
    })
  }
  const transport = deliveryTransport(settings)
  await setModelVersionTag(transport, { name, version, key: ALERT_TAG, value: `${level}: ${title}` })
}
