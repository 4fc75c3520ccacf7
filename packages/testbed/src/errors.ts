/** A program or system package that tests need and this machine lacks. */
export class TestbedError extends Error {
  override readonly name = 'TestbedError'
}
