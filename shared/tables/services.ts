import { parseConfig } from "../runtime/config.ts";
import { jobTelling } from "../services/job-telling.ts";
import { openOnce } from "../services/open-once.ts";
import { StorageEnvironment } from "../services/settings.ts";
import { openStorage, type StorageServices } from "../services/storage-services.ts";

/** What the tables' steps work with: S3 and nothing else. */
export type TablesServices = Pick<StorageServices, "archive" | "state" | "metrics" | "log">;

const told = jobTelling("build-tables");
export const tablesTelling = told.telling;

/** Opens the services for a slice. */
export const tablesServices = openOnce<StorageServices>((environment) =>
  openStorage(parseConfig(StorageEnvironment, environment), told),
);
