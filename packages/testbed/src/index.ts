export { launchChromium } from './chromium.ts'
export { TestbedError } from './errors.ts'
export {
  figure,
  measureParts,
  printFigures,
  quantile,
  type Figure,
  type Measured,
  type Parts,
} from './figures.ts'
export { temporaryFolder, type TemporaryFolder } from './folder.ts'
export { freePort } from './free-port.ts'
export { bridgeToSocket, type LoopbackBridge } from './loopback-bridge.ts'
export { startMlflow, type MlflowOptions, type RunningMlflow } from './mlflow.ts'
export { startNginx, type NginxOptions, type RunningNginx } from './nginx.ts'
export { ensurePastMlflow, type PastMlflow } from './past-mlflow.ts'
export { startPebble, type PebbleOptions, type RunningPebble } from './pebble.ts'
export { startPostgres, type RunningPostgres } from './postgres.ts'
export { startS3, type RunningS3 } from './s3.ts'
export { processesThatName } from './processes-that-name.ts'
export { ensureWheels } from './server-payload.ts'
export type { SharedMlflow } from './shared-mlflow.ts'
export { runOnSmallDisk, type SmallDiskOptions, type SmallDiskResult } from './small-disk.ts'
export { ensureTensorBoard } from './tensorboard.ts'
export { waitUntil } from './wait-until.ts'
export type { Suite } from './systemd-host/base-image.ts'
export { ensureSnapshot, type SnapshotOptions } from './systemd-host/snapshot.ts'
export {
  startSystemdHost,
  type RemoteResult,
  type SystemdHost,
  type SystemdHostOptions,
} from './systemd-host/systemd-host.ts'
