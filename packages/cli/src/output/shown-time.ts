/** An ISO 8601 time for people: to the minute, in UTC. Any other text stays as it is. */
export function shownTime(iso: string): string {
  const moment = new Date(iso)
  if (Number.isNaN(moment.getTime())) return iso
  return `${moment.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
