import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { temporaryFolder } from './folder.ts'
import { ensureTensorBoard } from './tensorboard.ts'

const program = `
import sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.event_file_writer import EventFileWriter
writer = EventFileWriter(sys.argv[1])
writer.add_event(Event(step=1, summary=Summary(value=[Summary.Value(tag="loss", simple_value=0.5)])))
writer.close()
accumulator = EventAccumulator(sys.argv[1]).Reload()
print(accumulator.Scalars("loss")[0].value, "tensorflow" in sys.modules)
`

test('writes and reads event files without TensorFlow', async () => {
  using folder = temporaryFolder('tensorboard')
  const python = await ensureTensorBoard()
  const { stdout } = await promisify(execFile)(python, ['-c', program, folder.path])
  expect(stdout.trim()).toBe('0.5 False')
})
