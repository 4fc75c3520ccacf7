import { expect, test } from 'vitest'
import { parseNetDev } from './network.ts'

const TABLE = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 1000      10    0    0    0     0          0         0     1000      10    0    0    0     0       0          0
  eth0:25000      20    0    0    0     0          0         0      500       5    0    0    0     0       0          0
`

test('adds up what all interfaces received and sent', () => {
  expect(parseNetDev(TABLE)).toEqual({ received: 26_000, sent: 1500 })
  expect(parseNetDev('')).toEqual({ received: 0, sent: 0 })
})
