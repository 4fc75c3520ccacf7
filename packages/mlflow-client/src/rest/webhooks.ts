import { everyItem } from './paging.ts'
import type { Transport } from './transport.ts'

const PATH = '/api/2.0/mlflow/webhooks'

/** An event that triggers a webhook: an entity of the registry, and what happens to it. */
export interface WebhookEvent {
  readonly entity: 'REGISTERED_MODEL' | 'MODEL_VERSION' | 'MODEL_VERSION_TAG' | 'MODEL_VERSION_ALIAS'
  readonly action: 'CREATED' | 'UPDATED' | 'DELETED' | 'SET'
}

/** A webhook in the server's form, without its secret. */
export interface WireWebhook {
  readonly webhook_id: string
  readonly name: string
  readonly url: string
  readonly events: readonly WebhookEvent[]
  readonly status?: 'ACTIVE' | 'DISABLED'
  readonly description?: string
}

/** A new webhook. */
export interface NewWebhook {
  readonly name: string
  /** `https` and public, unless the server allows other addresses. */
  readonly url: string
  readonly events: readonly WebhookEvent[]
  readonly description?: string
  /** Signs the requests; the server needs a key to store it. */
  readonly secret?: string
}

/** Create a webhook: the server calls its URL for events in the registry. For admins. */
export async function createWebhook(transport: Transport, webhook: NewWebhook): Promise<WireWebhook> {
  const answer = await transport.json<{ webhook: WireWebhook }>('POST', PATH, { json: webhook })
  return answer.webhook
}

/** All webhooks, page by page. For admins. */
export function listWebhooks(transport: Transport): AsyncGenerator<WireWebhook, void, undefined> {
  return everyItem(
    (token) =>
      transport.json<{ webhooks?: readonly WireWebhook[]; next_page_token?: string }>('GET', PATH, {
        query: { page_token: token },
      }),
    (page) => page.webhooks,
  )
}

/** Delete a webhook. For admins. */
export async function deleteWebhook(transport: Transport, webhookId: string): Promise<void> {
  await transport.json('DELETE', `${PATH}/${encodeURIComponent(webhookId)}`)
}
