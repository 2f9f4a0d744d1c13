import { Env } from "../../contract.ts";
import { type VerificationManifest, verificationAggregate } from "../../core/verification-manifest.ts";
import { parseConfig } from "../../runtime/config.ts";
import { createDayStores, type OpenDayStore } from "../../wiring/day-stores.ts";
import { StorageEnvironment } from "../../wiring/environment.ts";
import { lazyServices } from "../../wiring/lazy-services.ts";
import { openStorage, type StorageServices } from "../../wiring/storage-services.ts";

/** Services for the steps of `verify-archive`. */
export interface VerifyServices extends StorageServices {
  readonly archiveName: string;
  /** Reports of earlier nights. */
  readonly dayStore: OpenDayStore<VerificationManifest, never>;
  /** Reads the public key of the ledgers, in PEM; undefined without a signing key. */
  readonly publicKey: (() => Promise<string>) | undefined;
}

/** Opens the services of `verify-archive`. */
export const verifyServices = lazyServices<VerifyServices>("verify-archive", (environment, options) => {
  const config = parseConfig(StorageEnvironment, environment);
  const { outside } = options;
  const openSlice = openStorage(config, { ...options, outside: { ...outside, s3: outside.s3AsStored } });
  const dayStores = createDayStores(verificationAggregate);
  const keyArn = config[Env.signingKeyArn];
  const jobServices = {
    archiveName: config[Env.archiveBucket],
    publicKey: keyArn ? () => outside.publicKey(keyArn) : undefined,
  };
  return (run) => {
    const services = openSlice(run);
    return { ...services, ...jobServices, dayStore: dayStores(services) };
  };
});
