import { html } from './html.ts'
import type { Html } from './html.ts'

/** A time as a day, in UTC. */
export function day(iso: string): string {
  return iso.slice(0, 10)
}

/** A time to the minute, in UTC. */
export function minute(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`
}

/** A time to the second, in UTC where a heading says so. */
export function second(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)}`
}

/** A time that does not wrap. */
export function time(iso: string, shown: (iso: string) => string): Html {
  return html`<time datetime="${iso}">${shown(iso)}</time>`
}
