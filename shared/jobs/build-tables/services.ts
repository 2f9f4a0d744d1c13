import { parseConfig } from "../../runtime/config.ts";
import { StorageEnvironment } from "../../wiring/environment.ts";
import { lazyServices } from "../../wiring/lazy-services.ts";
import { openStorage, type StorageServices } from "../../wiring/storage-services.ts";

/** What the tables' steps work with: S3 and nothing else. */
export type TablesServices = Pick<StorageServices, "archive" | "state" | "metrics" | "log">;

/** Opens what the steps of `build-tables` work with. */
export const tablesServices = lazyServices<StorageServices>("build-tables", (environment, options) =>
  openStorage(parseConfig(StorageEnvironment, environment), options),
);
