import { shownTime } from '../output/shown-time.ts'
import { addList, addRevoke, newGroup } from './account-verb.ts'
import type { Verb } from './verb.ts'

interface Session {
  readonly id: string
  readonly owner: string
  readonly address: string
  readonly createdAt: string
  readonly lastSeenAt: string
}

/** `soen session`: lists and ends the sessions of browsers. */
export const session: Verb = (parent, terminalFor) => {
  const summary = 'Manage the browsers that are signed in.'
  const group = newGroup(parent, 'session', summary, 'soen session list --owner ada')
  const listing = {
    things: 'sessions',
    headings: ['ID', 'OWNER', 'FROM', 'BEGAN', 'LAST SEEN'],
    row: ({ id, owner, address, createdAt, lastSeenAt }: Session) => {
      return [id, owner, address, shownTime(createdAt), shownTime(lastSeenAt)]
    },
  }
  addList(group, listing, terminalFor)
  addRevoke(group, 'sessions', terminalFor)
}
