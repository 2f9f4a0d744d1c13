import { parseConfig } from "../../runtime/config.ts";
import { StorageEnvironment } from "../../wiring/environment.ts";
import { lazyServices } from "../../wiring/lazy-services.ts";
import { openStorage, type StorageServices } from "../../wiring/storage-services.ts";

/** Services for building tables: S3 only. */
export type TablesServices = Pick<StorageServices, "archive" | "derived" | "metrics" | "log">;

/** Opens the services of `build-tables`. */
export const tablesServices = lazyServices<StorageServices>("build-tables", (environment, options) =>
  openStorage(parseConfig(StorageEnvironment, environment), options),
);
