import { parseConfig } from "../../runtime/config.ts";
import { openOnce } from "../../services/open-once.ts";
import { StorageEnvironment } from "../../services/settings.ts";
import { openStorage, type StorageServices } from "../../services/storage-services.ts";

/** What the tables' steps work with: S3 and nothing else. */
export type TablesServices = Pick<StorageServices, "archive" | "state" | "metrics" | "log">;

/** Opens what the steps of `build-tables` work with. */
export const tablesServices = openOnce<StorageServices>("build-tables", (environment, options) =>
  openStorage(parseConfig(StorageEnvironment, environment), options),
);
