import { setFlagsFromString } from 'node:v8'

// Imported before everything else. What a stream of many GB holds for a moment is freed at the next small collection.
// V8 lets the room between two of them grow sixteen-fold: then a transfer holds 200 MB more, never twice the same
// memory, and takes twice the processor time, measured. Requests are as fast either way.
setFlagsFromString('--semi-space-growth-factor=1')
