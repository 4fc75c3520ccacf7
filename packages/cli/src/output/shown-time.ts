/** A moment in ISO 8601 as a person reads it: to the minute, in UTC. What is none stays as it is. */
export function shownTime(iso: string): string {
  const moment = new Date(iso)
  if (Number.isNaN(moment.getTime())) return iso
  return `${moment.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
